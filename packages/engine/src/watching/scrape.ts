import { request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { HiveError } from '@hive/contract';
import { https } from '../built-in.js';
import { resolveAllowed, type AllowedAddress } from '../safety/addresses.js';
import { USER_AGENT } from '../safety/identity.js';

const ANSWER_LIMIT_MS = 1_000;
const LIMIT_BYTES = 4 * 1024 * 1024;
const MIB = 1024 * 1024;
const PROMETHEUS_TEXT = 'text/plain;version=0.0.4';

export interface ScrapeOptions {
  url: URL;
  /** Addresses beside loopback that may be dialled. */
  allowTargets: readonly string[];
  /** Takes any certificate. */
  insecure: boolean;
  /** How long a whole answer may take. Default: 1 s. */
  answerLimitMs?: number | undefined;
  /** What is asked for. Default: the text format of Prometheus. */
  accept?: string;
  /** Why an answer is not read, in words; null: it is. Default: what is no metrics page. */
  refuse?: (response: IncomingMessage) => string | null;
  /** Bytes that are not UTF-8 are read as best they can. */
  lenient?: boolean;
}

/** A page, or why there is none, in words. */
export type Scraped = { text: string } | { problem: string };

/**
 * Fetches one page, by default of metrics, again and again, over a fresh connection each time. What is dialled is the address that passed the check
 * of {@link resolveAllowed}. Redirects are not followed, no answer is waited for longer than `answerLimitMs`, none is read beyond 4 MiB.
 */
export function createScraper(options: ScrapeOptions): { scrape(): Promise<Scraped>; close(): void } {
  const closing = new AbortController();
  const limitMs = options.answerLimitMs ?? ANSWER_LIMIT_MS;
  let address: AllowedAddress | null = null;

  async function scrape(): Promise<Scraped> {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    const timer = setTimeout(end, limitMs);
    closing.signal.addEventListener('abort', end, { once: true });
    try {
      closing.signal.throwIfAborted();
      address ??= await unlessStopped(resolve(options), stop.signal);
      return await fetchPage(options, address, stop.signal);
    } catch (error) {
      // Where the name points now may be elsewhere.
      address = null;
      return {
        problem: describe(error, { closed: closing.signal.aborted, lateMs: stop.signal.aborted ? limitMs : null }),
      };
    } finally {
      clearTimeout(timer);
      closing.signal.removeEventListener('abort', end);
    }
  }
  return { scrape, close: () => closing.abort() };
}

function resolve({ url, allowTargets }: ScrapeOptions): Promise<AllowedAddress> {
  return resolveAllowed(bareHost(url), Number(url.port) || (url.protocol === 'https:' ? 443 : 80), allowTargets);
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

function unlessStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
  return Promise.race([promise, stopped]);
}

async function fetchPage(options: ScrapeOptions, to: AllowedAddress, signal: AbortSignal): Promise<Scraped> {
  const request = open(options, to, signal);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).on('error', reject).end();
    });
    const { refuse = whyRefused, lenient = false } = options;
    const refused = refuse(response);
    return refused === null ? await readBody(response, lenient) : { problem: refused };
  } finally {
    request.destroy();
  }
}

function open(
  { url, insecure, accept = PROMETHEUS_TEXT }: ScrapeOptions,
  to: AllowedAddress,
  signal: AbortSignal,
): ClientRequest {
  const name = bareHost(url);
  const common = {
    host: to.address,
    family: to.family,
    port: url.port,
    path: url.pathname + url.search,
    // No keep-alive: a connection that was held open would count among what is watched.
    agent: false,
    signal,
    ...(url.username === '' ? {} : { auth: decodeURIComponent(`${url.username}:${url.password}`) }),
    headers: {
      host: url.host,
      accept,
      'accept-encoding': 'identity',
      'user-agent': USER_AGENT,
    },
  } as const;
  if (url.protocol === 'http:') return requestPlain(common);
  return https().request({ ...common, rejectUnauthorized: !insecure, servername: isIP(name) === 0 ? name : '' });
}

function whyRefused({ statusCode = 0, headers }: IncomingMessage): string | null {
  if (statusCode >= 300 && statusCode < 400)
    return `the page answered ${statusCode}, and Hive does not follow redirects: write the final address`;
  if (statusCode !== 200) return `the page answered ${statusCode}`;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    return `the page is compressed (${encoding.slice(0, 20)}), although Hive asked for plain text`;
  return Number(headers['content-length'] ?? 0) > LIMIT_BYTES ? TOO_LARGE : null;
}

const TOO_LARGE = `the page is larger than ${LIMIT_BYTES / MIB} MiB`;

async function readBody(response: IncomingMessage, lenient: boolean): Promise<Scraped> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LIMIT_BYTES) return { problem: TOO_LARGE };
    chunks.push(chunk);
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: !lenient }).decode(Buffer.concat(chunks)) };
  } catch {
    return { problem: 'the page is not UTF-8 text' };
  }
}

function describe(error: unknown, { closed, lateMs }: { closed: boolean; lateMs: number | null }): string {
  if (closed) return 'the watch was closed';
  if (lateMs !== null) return `no complete answer within ${lateMs / 1_000} s`;
  if (error instanceof HiveError) return error.hint === undefined ? error.message : `${error.message}: ${error.hint}`;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ECONNRESET') return 'the connection broke before the end of the answer';
  return code.startsWith('HPE_') ? `the answer is not HTTP (${code})` : code || message;
}
