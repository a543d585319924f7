import type { Socket } from 'node:net';
import { dial, socketCodeOf } from './dial.js';
import type { Message } from './messages.js';
import type { ResolvedNode } from './nodes.js';
import { ReadHeaders } from './read-headers.js';
import { ResponseParser } from './response-parser.js';

/** One request on a connection of its own. */
export interface OneRequest {
  node: ResolvedNode;
  message: Message;
  insecure: boolean;
  /** Names of headers of the answer to be read, in small letters. */
  headers: readonly string[];
  /** Of a longer body the rest is not read. */
  mostBytes: number;
  /** Keeps the body. */
  keepBody?: boolean;
  /** Ends the wait at once. */
  signal: AbortSignal;
}

/** What came back: a whole answer, or what stood in its way. */
export type OneAnswer =
  | { type: 'answered'; status: number; header(name: string): string | null; body: Buffer; ms: number }
  /** `connected`: it took the connection, and did not answer in time. */
  | { type: 'late'; connected: boolean }
  /** `came`: how what came in place of an answer begins. */
  | { type: 'failed'; code: string; message: string; came: string | null };

/** A key that stands in for all others. */
const ANY_KEY = '1';
/** What begins so is a frame of HTTP/2: its settings, or that it goes away. */
// eslint-disable-next-line no-control-regex
const HTTP2 = /^\0[^]{2}[\x04\x07][^]\0{4}/;
/** And so a record of TLS. */
// eslint-disable-next-line no-control-regex
const TLS = /^[\x14-\x17]\x03[\x00-\x04]/;

/** What was sent in place of an HTTP/1.1 answer, by how it begins (Latin-1 or UTF-8): the code of the protocol, or null. */
export function otherProtocol(came: string | null): 'SPEAKS_HTTP2' | 'SPEAKS_TLS' | null {
  if (came === null) return null;
  if (HTTP2.test(came)) return 'SPEAKS_HTTP2';
  return TLS.test(came) ? 'SPEAKS_TLS' : null;
}

/** Sends one request and reads the whole answer as the load does. */
export function sendOne(request: OneRequest): Promise<OneAnswer> {
  const { node, message, insecure, headers, mostBytes, keepBody = false, signal } = request;
  const startedMs = performance.now();
  const parser = new ResponseParser();
  const read = new ReadHeaders(headers);
  const body: Buffer[] = [];
  parser.headers = read;
  parser.reset(message.head);
  if (keepBody) parser.onBody = (bytes, from, end) => void body.push(Buffer.from(bytes.subarray(from, end)));
  return new Promise((resolve) => {
    let isConnected = false;
    let socket: Socket | null = null;
    const end = (answer: OneAnswer): void => {
      signal.removeEventListener('abort', late);
      socket?.destroy();
      resolve(answer);
    };
    const late = (): void => end({ type: 'late', connected: isConnected });
    const failed = (code: string, text: string, came: string | null = null): void =>
      end({ type: 'failed', code: otherProtocol(came) ?? code, message: text, came });
    const answered = (): void =>
      end({
        type: 'answered',
        status: parser.status,
        header: (name) => read.value(name),
        body: Buffer.concat(body),
        ms: performance.now() - startedMs,
      });
    if (signal.aborted) return late();
    signal.addEventListener('abort', late, { once: true });
    try {
      socket = dial(node, { insecure });
    } catch (error) {
      const { message: text } = error as NodeJS.ErrnoException;
      return failed(socketCodeOf(error as NodeJS.ErrnoException), text);
    }
    const open = socket;
    open.once('connect', () => (isConnected = true));
    open.on('error', (error: NodeJS.ErrnoException) => failed(socketCodeOf(error), error.message));
    open.on('data', (bytes: Buffer) => {
      const isFirst = parser.untouched;
      parser.feed(bytes, bytes.length);
      if (parser.failed) failed('MALFORMED', parser.reason, isFirst ? bytes.toString('latin1', 0, 300) : null);
      else if (parser.done || parser.bodyBytes > mostBytes) answered();
    });
    open.once('end', () => {
      if (parser.finish()) answered();
      else if (parser.untouched) failed('CLOSED', 'the connection was closed before an answer came');
      else failed('CLOSED_EARLY', 'the connection was closed in the middle of an answer');
    });
    // A failed handshake is told by `error`, and a connection that is only closed by neither.
    open.once('close', () => failed('CLOSED', 'the connection was closed before an answer came'));
    for (const part of piecesOf(message)) open.write(part);
  });
}

function piecesOf({ before, after, body }: Message): Uint8Array[] {
  const text = typeof before === 'string' ? Buffer.from(before, 'latin1') : before;
  const keyed = after === null ? [] : [Buffer.from(`${ANY_KEY}${after}`, 'latin1')];
  return [text, ...keyed, ...(body === null ? [] : [body])];
}
