import { isMapping, type Mapping } from '../mapping.js';

/** Where a parameter stands. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

interface Written {
  name: string;
  value: unknown;
  style: string;
  explode: boolean;
}

/** A parameter's style and whether it explodes, with the defaults of the specification. */
export function styleOf(parameter: Mapping, place: ParameterPlace): { style: string; explode: boolean } {
  const { style, explode } = parameter;
  const plain = place === 'query' || place === 'cookie' ? 'form' : 'simple';
  const chosen = typeof style === 'string' ? style : plain;
  return { style: chosen, explode: typeof explode === 'boolean' ? explode : chosen === 'form' };
}

/** A value as it stands in a path: styles simple, label and matrix (RFC 6570). */
export function inPath({ name, value, style, explode }: Written): string {
  const text = joined({ value, explode, separator: style === 'label' && explode ? '.' : ',' });
  if (style === 'label') return `.${text}`;
  if (style !== 'matrix') return text;
  if (!explode || !isList(value)) return `;${encode(name)}=${text}`;
  return listOf(value)
    .map(([key, one]) => `;${encode(key ?? name)}=${encode(one)}`)
    .join('');
}

/** `name=value` pairs of a query: styles form, spaceDelimited, pipeDelimited and deepObject. */
export function inQuery({ name, value, style, explode }: Written): string[] {
  if (!isList(value)) return [`${encode(name)}=${encode(textOf(value))}`];
  const list = listOf(value);
  if (style === 'deepObject') return list.map(([key, one]) => `${encode(`${name}[${key ?? ''}]`)}=${encode(one)}`);
  if (explode) return list.map(([key, one]) => `${encode(key ?? name)}=${encode(one)}`);
  const separator = { spaceDelimited: '%20', pipeDelimited: '%7C' }[style] ?? ',';
  return [`${encode(name)}=${joined({ value, explode: false, separator })}`];
}

/** A value as it stands in a header, which is not percent-encoded. */
export function inHeader({ value, explode }: Pick<Written, 'value' | 'explode'>): string {
  if (!isList(value)) return textOf(value);
  return listOf(value)
    .map(([key, one]) => (key === null ? one : explode ? `${key}=${one}` : `${key},${one}`))
    .join(',');
}

function joined({ value, explode, separator }: { value: unknown; explode: boolean; separator: string }): string {
  if (!isList(value)) return encode(textOf(value));
  return listOf(value)
    .map(([key, one]) => {
      if (key === null) return encode(one);
      return explode ? `${encode(key)}=${encode(one)}` : `${encode(key)}${separator}${encode(one)}`;
    })
    .join(separator);
}

const isList = (value: unknown): value is unknown[] | Mapping => Array.isArray(value) || isMapping(value);

/** Entries of a list, which have no key, or of a mapping. */
function listOf(value: unknown[] | Mapping): [key: string | null, text: string][] {
  if (Array.isArray(value)) return value.map((one) => [null, textOf(one)]);
  return Object.entries(value).map(([key, one]) => [key, textOf(one)]);
}

/** A value as plain text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : (JSON.stringify(value) ?? '');
}

/** Percent-encodes all but letters, digits, `-`, `.`, `_` and `~`. Half a surrogate pair becomes the replacement character. */
export function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
