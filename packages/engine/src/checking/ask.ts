import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { nodeName, type RequestClass, type TargetNode } from '@hive/contract';
import { https, tls } from '../built-in.js';
import type { Place } from '../safety/addresses.js';

/** One request to be sent by itself, with every secret filled in. */
export interface Question {
  node: TargetNode;
  /** Where the node is dialled: an allowed address. */
  place: Place;
  request: RequestClass;
  /** Accept certificates that do not verify. */
  insecure: boolean;
  /** How long an answer is waited for, ms. */
  withinMs: number;
  /** Ends the wait at once. */
  signal: AbortSignal;
}

/** What came back: a whole answer, or what stood in its way. */
export type Answer =
  | { type: 'answered'; status: number; location: string | null; ms: number }
  /** `connected`: it took the connection, and did not answer in time. */
  | { type: 'late'; connected: boolean }
  | { type: 'failed'; code: string; message: string };

/** Sends one request by itself. */
export type Ask = (question: Question) => Promise<Answer>;

/** How long it may take to find out whether a port speaks TLS. */
const TLS_TRIAL_MS = 500;
/** Of a longer body the rest is not read. */
const MOST_BYTES = 16 * 1024 * 1024;
const PAYLOAD_BYTES = 1_024;
/** Of a plain request to a port: what a port that speaks TLS makes of it. */
const PERHAPS_TLS: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'HPE_INVALID_CONSTANT',
  'HPE_INVALID_VERSION',
]);

/** Sends one request to a node's allowed address and reads the whole answer. Redirects are not followed. */
export const ask: Ask = async (question) => {
  const { node, place, withinMs } = question;
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(withinMs)]);
  const answer = await exchange({ ...question, signal });
  const { protocol } = new URL(node.url);
  const isDoubtful =
    answer.type === 'failed' ? PERHAPS_TLS.has(answer.code) : answer.type === 'answered' && answer.status === 400;
  if (protocol !== 'http:' || !isDoubtful || signal.aborted || !(await speaksTls(place))) return answer;
  return { type: 'failed', code: 'SPEAKS_TLS', message: `${nodeName(node)} speaks TLS` };
};

function exchange({ node, place, request, insecure, signal }: Question): Promise<Answer> {
  const { protocol, hostname, host, pathname } = new URL(node.url);
  const body = bodyOf(request);
  const options: RequestOptions & { servername?: string; rejectUnauthorized: boolean } = {
    ...('path' in place ? { socketPath: place.path } : place),
    method: request.method,
    path: pathname.replace(/\/$/, '') + pathOf(request),
    headers: headersOf(request, host, body),
    rejectUnauthorized: !insecure,
    agent: false,
    signal,
    ...(/^[\d.]+$|:/.test(hostname) ? {} : { servername: hostname }),
  };
  const startedMs = performance.now();
  let isConnected = false;
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (signal.aborted) resolve({ type: 'late', connected: isConnected });
      else resolve({ type: 'failed', code: error.code ?? 'UNKNOWN', message: error.message });
    };
    let sending;
    try {
      sending = protocol === 'https:' ? https().request(options) : plainRequest(options);
    } catch (error) {
      failed(error as NodeJS.ErrnoException);
      return;
    }
    sending.once('socket', (socket: Socket) => socket.once('connect', () => (isConnected = true)));
    sending.once('error', failed);
    sending.once('response', (response) => {
      read(response, () => {
        const { statusCode = 0, headers } = response;
        resolve({
          type: 'answered',
          status: statusCode,
          location: headers.location ?? null,
          ms: performance.now() - startedMs,
        });
      });
      response.once('error', failed);
    });
    sending.end(body ?? undefined);
  });
}

/** Reads an answer to its end, or to as much of it as is worth reading. */
function read(response: IncomingMessage, done: () => void): void {
  let bytes = 0;
  response.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= MOST_BYTES) return;
    done();
    response.destroy();
  });
  response.once('end', done);
}

const pathOf = ({ path }: RequestClass): string =>
  path.replaceAll('{key}', '1').replaceAll('{bytes}', String(PAYLOAD_BYTES));

function bodyOf({ body, payload }: RequestClass): Buffer | null {
  if (payload === 'upload') return Buffer.alloc(PAYLOAD_BYTES, 0x5a);
  return body === undefined ? null : Buffer.from(body, 'utf8');
}

function headersOf({ headers }: RequestClass, host: string, body: Buffer | null): Record<string, string | number> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  delete own['content-length'];
  return {
    host,
    'user-agent': 'hive',
    accept: '*/*',
    connection: 'close',
    ...own,
    ...(body === null ? {} : { 'content-length': body.length }),
  };
}

/** Whether a port answers a TLS handshake, whatever its certificate. */
function speaksTls(place: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tls().connect({ ...place, rejectUnauthorized: false, timeout: TLS_TRIAL_MS });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('secureConnect', end(true));
    socket.once('timeout', end(false));
    socket.once('error', end(false));
  });
}
