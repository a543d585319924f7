import { isMapping, type Mapping } from '../mapping.js';
import type { ApiDocument } from './document.js';
import { parseMediaType, writingOf } from './media-type.js';
import { inHeader, isList, textOf } from './parameters.js';
import { itemsOf, propertyOf } from './schema-parts.js';
import { hasExample, writtenExamples } from './written.js';

export const BOUNDARY = 'hive-boundary-7d1f';

interface Part {
  /** Null where a part has no name, as in `multipart/mixed`. */
  name: string | null;
  text: string;
  type: string | null;
  fileName: string | null;
  headers: string[];
}

interface From {
  schema: unknown;
  encoding: unknown;
  document: Pick<ApiDocument, 'follow'>;
  /** Parts have names. */
  isForm: boolean;
}

/**
 * A multipart body (RFC 7578): one part for a field, and one for each item of a list. What is binary is sent as a small file. Null for what
 * has no fields.
 */
export function multipartOf(value: unknown, from: From): string | null {
  const { schema, encoding, isForm } = from;
  if (Array.isArray(value) && !isForm)
    return written(
      value.map((one) => partOf({ name: null, value: one, field: itemsOf(schema, from.document) }, { own: {}, from })),
    );
  if (!isMapping(value)) return null;
  const parts = Object.entries(value).flatMap(([name, one]) => {
    const own = isMapping(encoding) && isMapping(encoding[name]) ? encoding[name] : {};
    const field = propertyOf(schema, name, from.document);
    if (!Array.isArray(one)) return [partOf({ name, value: one, field }, { own, from })];
    const item = itemsOf(field, from.document);
    return one.map((each: unknown) => partOf({ name, value: each, field: item }, { own, from }));
  });
  return written(isForm ? parts : parts.map((part) => ({ ...part, name: null })));
}

function written(parts: readonly Part[]): string {
  const all = parts.map(({ name, text, type, fileName, headers }) => {
    const file = fileName === null ? '' : `; filename="${fileName}"`;
    const lines = [
      ...(name === null ? [] : [`content-disposition: form-data; name="${name.replace(/["\r\n]/g, '_')}"${file}`]),
      ...(type === null ? [] : [`content-type: ${type}`]),
      ...headers,
    ];
    return `--${BOUNDARY}\r\n${lines.join('\r\n')}\r\n\r\n${text}\r\n`;
  });
  return `${all.join('')}--${BOUNDARY}--\r\n`;
}

function partOf(
  { name, value, field }: { name: string | null; value: unknown; field: Mapping },
  { own, from }: { own: Mapping; from: From },
): Part {
  const said = typeof own['contentType'] === 'string' ? firstOf(own['contentType']) : null;
  const media = said === null ? null : parseMediaType(said);
  const isText = media === null || ['json', 'lines', 'text', 'xml', 'form'].includes(writingOf(media));
  const isFile = isBinary(field) || (!isText && !isList(value));
  const type = said ?? typeOfField(field, { value, isFile });
  const headers = headersOf(own['headers'], from);
  if (!isFile)
    return { name, text: isList(value) ? JSON.stringify(value) : textOf(value), type, fileName: null, headers };
  const [example] = writtenExamples({ schema: field }, from.document);
  const text = typeof example === 'string' && example !== '' ? example : 'hive';
  return { name, text, type, fileName: `hive.${endingOf(type)}`, headers };
}

/** The first of a list such as `image/png, image/jpeg`; an asterisk becomes a type of that kind. Null where it is none. */
function firstOf(contentType: string): string | null {
  const media = parseMediaType(contentType.split(',')[0] ?? '');
  if (media === null) return null;
  if (!media.essence.includes('*')) return `${media.essence}${media.parameters}`;
  const plain: Record<string, string> = {
    image: 'image/png',
    audio: 'audio/mpeg',
    video: 'video/mp4',
    text: 'text/plain',
  };
  return plain[media.type] ?? 'application/octet-stream';
}

/** What the specification says a part is; a plain value needs no type. */
function typeOfField(field: Mapping, { value, isFile }: { value: unknown; isFile: boolean }): string | null {
  const { contentMediaType } = field;
  if (typeof contentMediaType === 'string' && parseMediaType(contentMediaType) !== null) return contentMediaType;
  if (isFile) return 'application/octet-stream';
  return isList(value) ? 'application/json' : null;
}

const isBinary = ({ format, contentMediaType, contentEncoding, type }: Mapping): boolean =>
  format === 'binary' ||
  type === 'file' ||
  (typeof contentMediaType === 'string' && contentEncoding === undefined && !isTextual(contentMediaType));

function isTextual(mediaType: string): boolean {
  const media = parseMediaType(mediaType);
  return media !== null && ['json', 'text', 'xml'].includes(writingOf(media));
}

function endingOf(type: string | null): string {
  const media = type === null ? null : parseMediaType(type);
  if (media === null || media.subtype === 'octet-stream') return 'txt';
  const ending = { jpeg: 'jpg', plain: 'txt', mpeg: 'mp3', 'svg+xml': 'svg' }[media.subtype] ?? media.subtype;
  return /^[a-z0-9]{1,5}$/.test(ending) ? ending : 'bin';
}

/** Headers of a part that have an example; others, and those that Hive writes itself, are left out. */
function headersOf(headers: unknown, { document }: From): string[] {
  if (!isMapping(headers)) return [];
  return Object.entries(headers).flatMap(([name, one]) => {
    const header = document.follow(one);
    if (!isMapping(header) || !hasExample(header, document) || /^content-(?:type|disposition)$/i.test(name)) return [];
    const [value] = writtenExamples(header, document);
    const text = value === undefined ? '' : inHeader({ value, explode: false });
    const isValid = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && text !== '' && !/[^\x20-\x7e]/.test(text);
    return isValid ? [`${name.toLowerCase()}: ${text}`] : [];
  });
}
