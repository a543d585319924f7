import { headerLines, HiveError, toHeaders, withHeaders, type Headers, type RequestClass } from '@hive/contract';
import { cryptography } from '../built-in.js';
import type { LoadOrder } from '../measuring.js';
import { createRandom } from '../random.js';
import { compileCheck, type CompiledCheck } from './body-check.js';
import type { ResolvedNode } from './nodes.js';

/** One request class for one node, serialised once. Plain data: it crosses threads. */
export interface Message {
  /** The whole request; with a key, what stands before it; with a body sent apart, the header. */
  before: string | Uint8Array;
  /** What stands after the key; null: there is no key. */
  after: string | null;
  /** A body that is not in `before`. */
  body: Uint8Array | null;
  /**
   * What the answer's body must be: this many bytes (null: any), with the digest that it claims; and what it says it received (base64 of
   * SHA-256; null: nothing was sent). Null: anything will do.
   */
  whole: { bytes: number | null; received: string | null } | null;
  /** Bytes on the wire, without the key's own. */
  bytes: number;
  /** It is a HEAD: the answer has no body. */
  head: boolean;
  /** Its header lacks the line of a token and the empty line after that. */
  authorized: boolean;
  /** It says itself that the connection ends with it. */
  closes: boolean;
  /** What the body must show; null: anything will do. */
  check: CompiledCheck | null;
  /** Statuses that are a good answer; null: 200–399. */
  expect: ReadonlySet<number> | null;
}

const KEY = '{key}';

/**
 * Serialises every request class of an order for every node.
 * @throws HiveError `validation` for a path or header that would break a request's form.
 */
export function createMessages(
  order: Pick<LoadOrder, 'requests' | 'payloadBytes' | 'identity' | 'tokens'>,
  nodes: readonly ResolvedNode[],
): Message[][] {
  const bytes = order.payloadBytes ?? DEFAULT_PAYLOAD_BYTES;
  return order.requests.map((request) => {
    const body = bodyOf(request, bytes);
    const whole = wholeOf(request, bytes, body);
    const own = withIdentity(sized(request, bytes), order.identity);
    const tokenName = order.tokens?.name;
    return nodes.map((node) => createMessage(own, node, { body, whole, tokenName }));
  });
}

/** What a class with a payload moves in a run that is not about sizes. */
export const DEFAULT_PAYLOAD_BYTES = 1_024;
/** A body longer than this is written apart from its header, and not copied for every node. */
const APART_BYTES = 16 * 1_024;

function sized(request: RequestClass, bytes: number): RequestClass {
  if (request.payload === undefined) return request;
  return { ...request, path: request.path.replaceAll('{bytes}', String(bytes)) };
}

/** The request's own headers stand. */
function withIdentity(request: RequestClass, identity: Readonly<Record<string, string>> = {}): RequestClass {
  return { ...request, headers: withHeaders(identity, request.headers) };
}

function bodyOf(request: RequestClass, bytes: number): Uint8Array | null {
  if (request.payload === 'upload') return payload(bytes);
  if (request.bodyBase64 !== undefined) return Buffer.from(request.bodyBase64, 'base64');
  return request.body === undefined ? null : Buffer.from(request.body, 'utf8');
}

/** Bytes without a pattern that a compressing link could take advantage of; the same for the same length. */
function payload(bytes: number): Uint8Array {
  const body = Buffer.allocUnsafeSlow(bytes);
  const random = createRandom(bytes);
  const words = new Uint32Array(body.buffer, 0, bytes >> 2);
  for (let index = 0; index < words.length; index++) words[index] = random.integer(0x1_0000_0000);
  body.fill(0x5a, words.length * 4);
  return body;
}

function createMessage(
  request: RequestClass,
  node: ResolvedNode,
  parts: Pick<Message, 'body' | 'whole'> & { tokenName: string | undefined },
): Message {
  const { body, whole, tokenName } = parts;
  const path = node.basePath + request.path;
  if (path.includes(' ') || hasControl(path)) {
    throw new HiveError('validation', `requests.${request.name}.path has a space or a control character`, {
      hint: 'write it percent-encoded, such as %20 for a space',
    });
  }
  const digest = whole?.received == null ? {} : { 'content-digest': `sha-256=:${whole.received}:` };
  const headers = withHeaders({ host: node.hostHeader, accept: '*/*', ...digest }, lowerCased(request));
  const lines = headerLines(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (body !== null || ['POST', 'PUT', 'PATCH'].includes(request.method)) {
    lines.push(`content-length: ${body?.length ?? 0}\r\n`);
  }
  const text = (part: string): string => Buffer.from(part, 'utf8').toString('latin1');
  // A class that brings its own is left alone.
  const authorized = tokenName !== undefined && !headerLines(headers).some(([name]) => name === tokenName);
  const end = authorized ? '' : '\r\n';
  const head = text(`${request.method} ${path} HTTP/1.1\r\n${lines.join('')}${end}`);
  const keyAt = request.keys === undefined ? -1 : head.indexOf(KEY);
  const common = {
    bytes: head.length + (body?.length ?? 0) + (authorized ? 2 : 0),
    authorized,
    head: request.method === 'HEAD',
    closes: headerLines(headers).some(([name, value]) => name === 'connection' && /\bclose\b/i.test(value)),
    expect: request.expect === undefined ? null : new Set(request.expect),
    whole,
    check: request.check === undefined ? null : compileCheck(request.check),
  };
  if (keyAt < 0) {
    if (authorized || (body !== null && body.length > APART_BYTES))
      return { ...common, before: head, after: null, body };
    const before = body === null ? head : Buffer.concat([Buffer.from(head, 'latin1'), body]);
    return { ...common, before, after: null, body: null };
  }
  const after = head.slice(keyAt + KEY.length);
  return { ...common, bytes: common.bytes - KEY.length, before: head.slice(0, keyAt), after, body };
}

function wholeOf(request: RequestClass, bytes: number, body: Uint8Array | null): Message['whole'] {
  if (request.payload === undefined || request.method === 'HEAD') return null;
  if (request.payload === 'download' || body === null) return { bytes, received: null };
  return { bytes: null, received: cryptography().createHash('sha256').update(body).digest('base64') };
}

/** @throws HiveError `validation`. */
function lowerCased({ name: requestName, headers }: RequestClass): Headers {
  const lines: [string, string][] = [];
  for (const [name, value] of headerLines(headers)) {
    const where = `requests.${requestName}.headers.${name}`;
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
      throw new HiveError('validation', `${where} is not a valid header name`);
    if (hasControl(value.replaceAll('\t', ' ')))
      throw new HiveError('validation', `${where} has a line break or another control character`);
    if (name.toLowerCase() === 'transfer-encoding')
      throw new HiveError('validation', `${where} is set by Hive itself`, {
        hint: 'leave it out: Hive sends bodies with a content-length',
      });
    // The length follows from the body, whatever a recording said of it.
    if (name.toLowerCase() !== 'content-length') lines.push([name.toLowerCase(), value]);
  }
  const result = toHeaders(lines);
  if (Array.isArray(result['host']))
    throw new HiveError('validation', `requests.${requestName}.headers.host is given more than once`, {
      hint: 'a request names one host (RFC 9112, 3.2): keep one',
    });
  return result;
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
