import { isMapping, type Mapping } from '../mapping.js';

/** Where a parameter stands. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

interface Written extends Style {
  name: string;
  value: unknown;
}

interface Style {
  style: string;
  explode: boolean;
  /** Characters that have a meaning in an address stay as they are. */
  allowReserved?: boolean;
}

/** A parameter's style and whether it explodes, with the defaults of the specification. */
export function styleOf(parameter: Mapping, place: ParameterPlace): Style {
  const { style, explode, allowReserved } = parameter;
  const plain = place === 'query' || place === 'cookie' ? 'form' : 'simple';
  const chosen = typeof style === 'string' ? style : plain;
  return {
    style: chosen,
    explode: typeof explode === 'boolean' ? explode : chosen === 'form',
    allowReserved: allowReserved === true,
  };
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

/** `name=value` pairs of a query or a form: styles form, spaceDelimited, pipeDelimited and deepObject. */
export function inQuery({ name, value, style, explode, allowReserved = false }: Written): string[] {
  const encoded = allowReserved ? encodeLoosely : encode;
  if (!isList(value)) return [`${encode(name)}=${encoded(textOf(value))}`];
  if (style === 'deepObject') return leaves(name, value).map(([key, one]) => `${encode(key)}=${encoded(textOf(one))}`);
  const list = listOf(value);
  if (explode) return list.map(([key, one]) => `${encode(key ?? name)}=${encoded(one)}`);
  const separator = { spaceDelimited: '%20', pipeDelimited: '%7C' }[style] ?? ',';
  return [`${encode(name)}=${joined({ value, explode: false, separator, encoded })}`];
}

/** `card[address][city]`, `items[0][price]`: the names that servers give to what is nested. */
function leaves(name: string, value: unknown): [name: string, value: unknown][] {
  if (!isList(value)) return value === null || value === undefined ? [] : [[name, value]];
  return Object.entries(value).flatMap(([key, one]) => leaves(`${name}[${key}]`, one));
}

/** A value as it stands in a header, which is not percent-encoded. */
export function inHeader({ value, explode }: Pick<Written, 'value' | 'explode'>): string {
  if (!isList(value)) return textOf(value);
  return listOf(value)
    .map(([key, one]) => (key === null ? one : explode ? `${key}=${one}` : `${key},${one}`))
    .join(',');
}

function joined(given: {
  value: unknown;
  explode: boolean;
  separator: string;
  encoded?: (text: string) => string;
}): string {
  const { value, explode, separator, encoded = encode } = given;
  if (!isList(value)) return encoded(textOf(value));
  return listOf(value)
    .map(([key, one]) => {
      if (key === null) return encoded(one);
      return explode ? `${encode(key)}=${encoded(one)}` : `${encode(key)}${separator}${encoded(one)}`;
    })
    .join(separator);
}

export const isList = (value: unknown): value is unknown[] | Mapping => Array.isArray(value) || isMapping(value);

/** Entries of a list, which have no key, or of a mapping. What is null is not there. */
function listOf(value: unknown[] | Mapping): [key: string | null, text: string][] {
  if (Array.isArray(value)) return value.map((one) => [null, textOf(one)]);
  return Object.entries(value).flatMap(([key, one]): [string, string][] =>
    one === null || one === undefined ? [] : [[key, textOf(one)]],
  );
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

/** Leaves what is reserved (RFC 3986), but for what would end the value. */
function encodeLoosely(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~:/?@!$'()*,;]+/g, encode);
}
