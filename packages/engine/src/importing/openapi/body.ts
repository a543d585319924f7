import { isMapping, type Mapping } from '../mapping.js';
import type { ApiDocument } from './document.js';
import type { Examples } from './examples.js';
import { inQuery, styleOf, textOf } from './parameters.js';

/** A body and its media type; a reason when none could be made. */
export type Body =
  { type: 'none' } | { type: 'body'; mediaType: string; text: string } | { type: 'impossible'; why: string };

const BOUNDARY = 'hive-boundary-7d1f';

/** The body of an operation, in the media type that is written most easily. */
export function bodyOf(
  operation: Mapping,
  { document, examples }: { document: ApiDocument; examples: Examples },
): Body {
  const requestBody = document.follow(operation['requestBody']);
  if (!isMapping(requestBody)) return { type: 'none' };
  const { content } = requestBody;
  const offered = isMapping(content) ? Object.keys(content).filter((type) => rank(type) !== null) : [];
  const [mediaType] = offered.sort((a, b) => (rank(a) ?? 0) - (rank(b) ?? 0));
  const optional = requestBody['required'] !== true;
  if (!isMapping(content) || mediaType === undefined) {
    const types = isMapping(content) ? Object.keys(content).join(', ') : '';
    return optional
      ? { type: 'none' }
      : { type: 'impossible', why: `Hive cannot write a body as ${types || 'its media type'}` };
  }
  const media = document.follow(content[mediaType]);
  const written = isMapping(media) ? writtenExamples(media, document) : [];
  const text = isMapping(media) ? write({ mediaType, media, written, examples, document }) : null;
  if (text !== null) return { type: 'body', mediaType: concrete(mediaType), text };
  return optional
    ? { type: 'none' }
    : { type: 'impossible', why: `Hive found no ${mediaType} body that its schema accepts` };
}

/** Lower is easier; null for what cannot be written as text. */
function rank(mediaType: string): number | null {
  const plain = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (plain === 'application/json') return 0;
  if (/^[\w.+-]+\/[\w.+-]*\+?json$/.test(plain)) return 1;
  if (plain === 'application/x-www-form-urlencoded') return 2;
  if (plain === 'multipart/form-data') return 3;
  if (plain === '*/*' || plain === 'application/*') return 4;
  if (plain.startsWith('text/') || plain === 'application/xml' || plain.endsWith('+xml')) return 5;
  return plain === 'application/octet-stream' ? 6 : null;
}

function concrete(mediaType: string): string {
  if (mediaType.includes('*')) return mediaType.startsWith('text/') ? 'text/plain' : 'application/json';
  return rank(mediaType) === 3 ? `multipart/form-data; boundary=${BOUNDARY}` : mediaType;
}

interface Writing {
  mediaType: string;
  media: Mapping;
  written: unknown[];
  examples: Examples;
  document: ApiDocument;
}

function write({ mediaType, media, written, examples, document }: Writing): string | null {
  const ease = rank(mediaType);
  const { schema } = media;
  if (ease === 5) {
    const text = written.find((value) => typeof value === 'string');
    if (typeof text === 'string') return text;
    if (!mediaType.toLowerCase().startsWith('text/')) return null;
  }
  if (ease === 6) return 'hive';
  const found = examples.valueFor(schema, written);
  if (found === null) return null;
  if (ease === 5) return textOf(found.value);
  if (ease === 2) return form(found.value, media);
  if (ease === 3) return multipart(found.value, document.follow(schema), document);
  return JSON.stringify(found.value);
}

function form(value: unknown, { encoding }: Mapping): string | null {
  if (!isMapping(value)) return null;
  const pairs = Object.entries(value).flatMap(([name, one]) => {
    const own = isMapping(encoding) && isMapping(encoding[name]) ? encoding[name] : {};
    // Without an encoding, what is no plain value is written as JSON (RFC 6570 has no other way for what is nested).
    const nested = isMapping(one) || (Array.isArray(one) && one.some((item) => typeof item === 'object'));
    return inQuery({ name, value: nested ? JSON.stringify(one) : one, ...styleOf(own, 'query') });
  });
  return pairs.join('&');
}

/** RFC 7578. Binary fields are sent as a small file. */
function multipart(value: unknown, schema: unknown, document: ApiDocument): string | null {
  if (!isMapping(value)) return null;
  const properties = isMapping(schema) && isMapping(schema['properties']) ? schema['properties'] : {};
  const parts = Object.entries(value).map(([name, one]) => {
    const field = document.follow(properties[name]);
    const file = isMapping(field) && (field['format'] === 'binary' || field['contentMediaType'] !== undefined);
    const quoted = name.replace(/["\r\n]/g, '_');
    const head = `content-disposition: form-data; name="${quoted}"${file ? '; filename="hive.txt"' : ''}`;
    const type = file ? '\r\ncontent-type: application/octet-stream' : '';
    return `--${BOUNDARY}\r\n${head}${type}\r\n\r\n${file ? 'hive' : textOf(one)}\r\n`;
  });
  return `${parts.join('')}--${BOUNDARY}--\r\n`;
}

/** The examples that are written beside a schema, in a parameter or a media type. */
export function writtenExamples(holder: Mapping, document: ApiDocument): unknown[] {
  const { example, examples } = holder;
  const named = isMapping(examples) ? Object.values(examples).map((one) => document.follow(one)) : [];
  const values = named.flatMap((one) => (isMapping(one) && 'value' in one ? [one['value']] : []));
  return [...(example === undefined ? [] : [example]), ...values, ...schemaExamples(document.follow(holder['schema']))];
}

/** The examples, the default and the enumerated values of a schema itself. */
function schemaExamples(schema: unknown): unknown[] {
  if (!isMapping(schema)) return [];
  const { example, examples, default: fallback, const: fixed, enum: values } = schema;
  return [
    ...(example === undefined ? [] : [example]),
    ...(Array.isArray(examples) ? (examples as unknown[]) : []),
    ...(fallback === undefined ? [] : [fallback]),
    ...(fixed === undefined ? [] : [fixed]),
    ...(Array.isArray(values) ? (values as unknown[]) : []),
  ];
}
