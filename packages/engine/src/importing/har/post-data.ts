import { isMapping } from '../mapping.js';

/** The body of a recorded request. */
export interface PostData {
  body: string | null;
  /** The body as bytes where it is no text; then `body` is null. */
  bytes: Buffer | null;
  /** The media type that the body has, where it is known. */
  type: string | null;
  /** Names of files whose content the recording lacks. */
  emptyFiles: string[];
}

const BOUNDARY = 'hive-boundary-7d1f';
const NO_BODY: PostData = { body: null, bytes: null, type: null, emptyFiles: [] };

/** Reads what was posted; `header` is the content-type that was sent. */
export function readPostData(data: unknown, header: string | null): PostData {
  if (!isMapping(data)) return NO_BODY;
  const { text, params, mimeType } = data;
  const said = typeof mimeType === 'string' && mimeType !== '' && !/\p{Cc}/u.test(mimeType) ? mimeType : null;
  const type = header ?? said;
  if (typeof text === 'string' && text !== '') return written(text, type, isBase64(data));
  if (!Array.isArray(params) || params.length === 0) return { ...NO_BODY, type };
  const fields = (params as unknown[]).flatMap(fieldOf);
  if (/^\s*multipart\//i.test(type ?? '') || fields.some(({ file }) => file !== null)) return multipart(fields, type);
  const form = new URLSearchParams(fields.map(({ name, value }): [string, string] => [name, value]));
  return { ...NO_BODY, body: form.toString(), type: type ?? 'application/x-www-form-urlencoded' };
}

/** Chrome, Proxyman and others have a word of their own for it. */
const isBase64 = (data: Record<string, unknown>): boolean =>
  [data['encoding'], data['_encoding'], data['comment']].some((word) => word === 'base64');

function written(text: string, type: string | null, base64: boolean): PostData {
  const bytes = base64 ? Buffer.from(text, 'base64') : bytesIn(text, type);
  if (bytes === null) return { ...NO_BODY, body: text, type: withBoundary(text, type) };
  const plain = bytes.toString('utf8');
  // What is text after all is kept as text, which people can read and change.
  const isText = Buffer.from(plain, 'utf8').equals(bytes) && !plain.includes('\0');
  return isText ? { ...NO_BODY, body: plain, type: withBoundary(plain, type) } : { ...NO_BODY, bytes, type };
}

const BINARY =
  /^\s*(?:image|audio|video|font)\/(?!svg)|octet-stream|protobuf|grpc|msgpack|cbor|\bzip|gzip|pdf|avro|thrift|^\s*multipart\//i;

/** Bytes that were written one character each. */
function bytesIn(text: string, type: string | null): Buffer | null {
  if (!BINARY.test(type ?? '') || !/[\u0080-\u00ff]/.test(text) || /[\u0100-\uffff]/.test(text)) return null;
  return Buffer.from(text, 'latin1');
}

/** A multipart without its boundary is none: the body itself begins with it. */
function withBoundary(text: string, type: string | null): string | null {
  if (type === null || !/^\s*multipart\//i.test(type) || /boundary=/i.test(type)) return type;
  const first = /^(?:\r?\n)*--([^\r\n]{1,70})\r?\n/.exec(text)?.[1];
  return first === undefined ? type : `${type.replace(/[;\s]+$/, '')}; boundary=${first.trim()}`;
}

interface Field {
  name: string;
  value: string;
  file: string | null;
  type: string | null;
}

function fieldOf(param: unknown): Field[] {
  if (!isMapping(param) || typeof param['name'] !== 'string') return [];
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const value = param['value'];
  return [
    {
      name: param['name'],
      value: text(value) ?? (typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''),
      file: text(param['fileName']),
      type: text(param['contentType']),
    },
  ];
}

/** RFC 7578. */
function multipart(fields: readonly Field[], type: string | null): PostData {
  const said = /boundary="?([^";\s]+)"?/i.exec(type ?? '')?.[1];
  const boundary = said ?? BOUNDARY;
  const quoted = (text: string): string => text.replace(/["\r\n]/g, (one) => encodeURIComponent(one));
  const parts = fields.map(({ name, value, file, type: own }) => {
    const named = file === null ? '' : `; filename="${quoted(file)}"`;
    const typed = own === null || /[\r\n]/.test(own) ? '' : `\r\ncontent-type: ${own}`;
    return `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${named}${typed}\r\n\r\n${value}\r\n`;
  });
  const kind = /^\s*(multipart\/[\w-]+)/i.exec(type ?? '')?.[1] ?? 'multipart/form-data';
  return {
    ...NO_BODY,
    body: `${parts.join('')}--${boundary}--\r\n`,
    type: said === undefined ? `${kind}; boundary=${boundary}` : type,
    emptyFiles: fields.flatMap(({ file, value }) => (file !== null && file !== '' && value === '' ? [file] : [])),
  };
}
