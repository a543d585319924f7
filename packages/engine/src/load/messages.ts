import { HiveError, type RequestClass } from '@hive/contract';
import type { LoadOrder } from '../measuring.js';
import type { ResolvedNode } from './nodes.js';

/** One request class for one node, serialised once. Plain data: it crosses threads. */
export interface Message {
  /** The whole request; with a key, what stands before it. */
  before: string | Uint8Array;
  /** What stands after the key; null: there is no key. */
  after: string | null;
  body: Uint8Array | null;
  /** Bytes on the wire, without the key's own. */
  bytes: number;
  /** It is a HEAD: the answer has no body. */
  head: boolean;
  /** Statuses that are a good answer; null: 200–399. */
  expect: ReadonlySet<number> | null;
}

const KEY = '{key}';

/**
 * Serialises every request class of an order for every node.
 * @throws HiveError `validation` for a path or header that would break a request's form.
 */
export function createMessages(order: Pick<LoadOrder, 'requests'>, nodes: readonly ResolvedNode[]): Message[][] {
  return order.requests.map((request) => nodes.map((node) => createMessage(request, node)));
}

function createMessage(request: RequestClass, node: ResolvedNode): Message {
  const path = node.basePath + request.path;
  if (path.includes(' ') || hasControl(path)) {
    throw new HiveError('validation', `requests.${request.name}.path has a space or a control character`, {
      hint: 'write it percent-encoded, such as %20 for a space',
    });
  }
  const body = request.body === undefined ? null : Buffer.from(request.body, 'utf8');
  const headers = { host: node.hostHeader, 'user-agent': 'hive', accept: '*/*', ...lowerCased(request) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (body !== null || ['POST', 'PUT', 'PATCH'].includes(request.method)) {
    lines.push(`content-length: ${body?.length ?? 0}\r\n`);
  }
  const text = (part: string): string => Buffer.from(part, 'utf8').toString('latin1');
  const head = text(`${request.method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const keyAt = request.keys === undefined ? -1 : head.indexOf(KEY);
  const common = {
    bytes: head.length + (body?.length ?? 0),
    head: request.method === 'HEAD',
    expect: request.expect === undefined ? null : new Set(request.expect),
  };
  if (keyAt < 0) {
    const whole = body === null ? head : Buffer.concat([Buffer.from(head, 'latin1'), body]);
    return { ...common, before: whole, after: null, body: null };
  }
  const after = head.slice(keyAt + KEY.length);
  return { ...common, bytes: common.bytes - KEY.length, before: head.slice(0, keyAt), after, body };
}

/** @throws HiveError `validation`. */
function lowerCased({ name: requestName, headers }: RequestClass): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const where = `requests.${requestName}.headers.${name}`;
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
      throw new HiveError('validation', `${where} is not a header's name`);
    if (hasControl(value.replaceAll('\t', ' ')))
      throw new HiveError('validation', `${where} has a line break or another control character`);
    if (name.toLowerCase() === 'transfer-encoding')
      throw new HiveError('validation', `${where} is not sent by Hive`, { hint: 'leave it out: bodies have a length' });
    // The length follows from the body, whatever a recording said of it.
    if (name.toLowerCase() !== 'content-length') result[name.toLowerCase()] = value;
  }
  return result;
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
