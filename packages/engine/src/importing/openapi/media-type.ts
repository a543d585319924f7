/** A media type as it is written, taken apart (RFC 9110, 8.3.1); names in lower case. */
export interface MediaType {
  /** Such as `application/vnd.shop+json`. */
  essence: string;
  type: string;
  subtype: string;
  /** What stands after the last `+`; empty without one. */
  suffix: string;
  /** With their semicolons, as written; empty without any. */
  parameters: string;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const MEDIA_TYPE = new RegExp(`^\\s*(${TOKEN})/(${TOKEN})\\s*(;.*)?$`, 's');

/** Null for what is no media type. */
export function parseMediaType(text: string): MediaType | null {
  const match = MEDIA_TYPE.exec(text);
  if (match === null) return null;
  const [type = '', subtype = ''] = [match[1]?.toLowerCase(), match[2]?.toLowerCase()];
  const parameters = (match[3] ?? '').trim();
  if (/[^\x20-\x7e]/.test(parameters)) return null;
  const suffix = subtype.includes('+') ? subtype.slice(subtype.lastIndexOf('+') + 1) : '';
  return { essence: `${type}/${subtype}`, type, subtype, suffix, parameters };
}

/** How a body of a media type is written. */
export type Writing = 'json' | 'lines' | 'form' | 'multipart' | 'any' | 'text' | 'xml' | 'bytes' | 'other';

const JSON_LINES = new Set([
  'x-ndjson',
  'ndjson',
  'jsonl',
  'x-jsonl',
  'jsonlines',
  'x-jsonlines',
  'json-lines',
  'x-json-stream',
  'json-seq',
]);
const TEXT = new Set(['graphql', 'yaml', 'x-yaml', 'toml', 'csv', 'sql', 'jwt', 'javascript', 'x-javascript', 'jose']);

/** By type, subtype and suffix: what only ends like a type is none of it. */
export function writingOf({ type, subtype, suffix, essence }: MediaType): Writing {
  if (essence === '*/*' || essence === 'application/*') return 'any';
  if (type === 'multipart') return 'multipart';
  if (essence === 'application/x-www-form-urlencoded') return 'form';
  if (JSON_LINES.has(subtype) || suffix === 'json-seq') return 'lines';
  if (subtype === 'json' || subtype === 'x-json' || suffix === 'json') return 'json';
  if (subtype === 'xml' || suffix === 'xml') return 'xml';
  if (type === 'text' || (type === 'application' && (TEXT.has(subtype) || suffix === 'yaml'))) return 'text';
  return essence === 'application/octet-stream' ? 'bytes' : 'other';
}

/** In this order the media types that an operation takes are tried. */
export const EASE: readonly Writing[] = ['json', 'form', 'multipart', 'any', 'lines', 'text', 'xml', 'bytes', 'other'];
