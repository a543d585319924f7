import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  HiveError,
  targetInputSchema,
  toHeaders,
  toTarget,
  withHeaders,
  type Headers,
  type Target,
  type Tls,
} from '@hive/contract';
import { InvalidArgumentError } from 'commander';
import { repeated } from './option.js';

/** What the command line says about the requests to send. */
export interface RequestOptions {
  /** Method; anything but GET, HEAD and OPTIONS is the user's permission to write. */
  request?: string;
  header?: [string, string][];
  /** The bytes of the body, of a curl command. */
  bodyBytes?: Buffer;
  /** The text itself, or `@FILE` whose bytes are sent as they are; `@-` is stdin. */
  body?: string;
  objective?: string[];
  insecure?: boolean;
  /** Paths of PEM files. */
  cert?: string;
  key?: string;
  cacert?: string;
  /** As curl has it: `HOST:PORT:HOST2:PORT2`. */
  connectTo?: string[];
  /** The header of Basic authentication. */
  user?: string;
  /** False: each request uses a connection of its own. */
  keepalive?: boolean;
  /** Asked to follow redirects, which Hive does not. */
  location?: boolean;
  /** Path of a unix socket to dial in place of the URL's host. */
  unixSocket?: string;
}

/** `Name: value` → pair. */
export const headerOption = repeated((text: string): [string, string] => {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([^\r\n]*)$/.exec(text);
  if (!match) throw new InvalidArgumentError("Write 'Name: value'.");
  return [match[1] as string, (match[2] as string).trim()];
});

/** `USER:PASSWORD` → the value of the header. */
export function userOption(text: string): string {
  if (!text.includes(':')) throw new InvalidArgumentError('Write USER:PASSWORD.');
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

/** The headers that options stand for; those of `-H` win. */
export function headersOf({ header = [], user, keepalive }: RequestOptions): Headers {
  const implied: Headers = {
    ...(user === undefined ? {} : { authorization: user }),
    ...(keepalive === false ? { connection: 'close' } : {}),
  };
  return withHeaders(implied, toHeaders(header));
}

/** What TLS is spoken with, by the command line; null: it says nothing. */
export function tlsOf({ cert, key, cacert }: RequestOptions): Tls | null {
  if (cert === undefined && key === undefined && cacert === undefined) return null;
  return {
    ...(cert !== undefined && { cert: resolve(cert) }),
    ...(key !== undefined && { key: resolve(key) }),
    ...(cacert !== undefined && { ca: resolve(cacert) }),
  };
}

/**
 * Makes a target of a URL: its origin is the node, its path and query are what is requested.
 * @throws HiveError `validation` naming what is wrong.
 */
export function toRequestTarget(address: string, options: RequestOptions): Target {
  const url = parseUrl(address);
  const method = (options.request ?? 'GET').toUpperCase();
  const headers = headersOf(options);
  if (url.username !== '' && !Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  const body = givenBody(options);
  if (options.body !== undefined && options.request === undefined) {
    throw new HiveError('validation', '--body needs a method that sends a body', {
      hint: 'add -X POST, which gives permission to write to this service',
    });
  }
  const socket = options.unixSocket === undefined ? undefined : resolve(options.unixSocket);
  const parsed = targetInputSchema.safeParse({
    nodes: [{ url: url.origin, ...(socket === undefined ? {} : { socket }) }],
    requests: [{ method, path: url.pathname + url.search, headers, ...body }],
    ...(options.objective === undefined ? {} : { objectives: options.objective }),
    ...(options.insecure === undefined ? {} : { insecure: options.insecure }),
    ...(tlsOf(options) !== null && { tls: tlsOf(options) }),
    ...(options.connectTo !== undefined && { connectTo: options.connectTo }),
    safety: { allowWrites: options.request !== undefined },
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new HiveError('validation', `${issue?.path.join('.') ?? 'the target'}: ${issue?.message ?? 'is not valid'}`);
  }
  return toTarget(parsed.data, addressName(socket === undefined ? url.host : socket, url));
}

/** A target's id for a host or socket and what is asked of it: the same always yield the same. */
export function addressName(place: string, { pathname }: URL): string {
  const text = `${place}${pathname}`.replace(/[^a-z0-9._-]+/gi, '-');
  return text.replace(/^[^a-z0-9]+|-+$/gi, '').slice(0, 63) || 'target';
}

function parseUrl(address: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(text)) {
    throw new HiveError('validation', `'${address}' is not a URL`, {
      hint: 'write, for example, http://127.0.0.1:8080/',
    });
  }
  const url = new URL(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new HiveError('validation', `'${address}' is neither http:// nor https://`, {
    hint: 'Hive tests HTTP/1.1 services',
  });
}

function givenBody({ body, bodyBytes }: RequestOptions): { body?: string; bodyBase64?: string } {
  if (body !== undefined) return readBody(body);
  return bodyBytes === undefined ? {} : { bodyBase64: bodyBytes.toString('base64') };
}

/** References stand in a text; the bytes of a file are sent as they are. */
function readBody(text: string): { body: string } | { bodyBase64: string } {
  if (!text.startsWith('@')) return { body: text };
  const path = text.slice(1);
  try {
    return { bodyBase64: readFileSync(path === '-' ? process.stdin.fd : path).toString('base64') };
  } catch (cause) {
    throw new HiveError('validation', `--body: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
      hint: 'name a readable file after @, or give the body itself',
      cause,
    });
  }
}
