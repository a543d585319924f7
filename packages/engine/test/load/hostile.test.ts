import type { Socket } from 'node:net';
import type { ErrorKind } from '@hive/contract';
import { afterAll, describe, expect, it } from 'vitest';
import type { LoadOrder } from '../../src/measuring.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startHostile, type Behavior } from './hostile-server.js';
import { bookkeeping, collect, collectAll, order } from './order.js';

const load = createThreadLoad();
afterAll(() => load.close());

const OK = 'HTTP/1.1 200 OK\r\n';
const WHOLE = `${OK}Content-Length: 2\r\n\r\nok`;
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

/** Answers every request with the same bytes. */
const says = (bytes: string | Buffer): Behavior => ({ request: (socket) => socket.write(bytes) });
const saysAndCloses = (bytes: string): Behavior => ({ request: (socket) => socket.end(bytes) });
const saysAndResets = (bytes: string): Behavior => ({
  request: (socket) => socket.write(bytes, () => setTimeout(() => socket.resetAndDestroy(), 5)),
});
/** Sends a beginning, then a piece again and again. */
const drips = (beginning: string, piece: string, everyMs: number): Behavior => ({
  request(socket) {
    socket.write(beginning);
    const timer = setInterval(() => socket.write(piece), everyMs);
    socket.on('close', () => clearInterval(timer));
  },
});
/** Sends a beginning, then as much of a piece as the connection takes. */
const floods = (beginning: string, piece: string): Behavior => ({
  request(socket) {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', pour);
    socket.write(beginning);
    pour();
  },
});
const silent: Behavior = { request: () => undefined };
const ends = (socket: Socket): void => void socket.end();

type Outcome = 'good' | 'answered' | 'failed' | 'timedOut';
type Case = [name: string, behavior: Behavior, outcome: Outcome, kinds: ErrorKind[], more?: Partial<LoadOrder>];

const CASES: Case[] = [
  ['never answers', silent, 'timedOut', ['timeout']],
  ['closes when it accepts', { connection: ends }, 'failed', ['closed', 'reset']],
  ['resets when it accepts', { connection: (socket) => socket.resetAndDestroy() }, 'failed', ['reset', 'closed']],
  ['closes without an answer', saysAndCloses(''), 'failed', ['closed']],
  ['resets without an answer', { request: (socket) => socket.resetAndDestroy() }, 'failed', ['reset']],
  ['closes in the status line', saysAndCloses('HTTP/1.'), 'failed', ['closed']],
  ['closes in a header', saysAndCloses(`${OK}Content-Le`), 'failed', ['closed']],
  ['closes in the body', saysAndCloses(`${OK}Content-Length: 10\r\n\r\nhell`), 'failed', ['closed']],
  ['closes in a chunk', saysAndCloses(`${CHUNKED}a\r\nhel`), 'failed', ['closed']],
  ['closes before the last chunk', saysAndCloses(`${CHUNKED}2\r\nok\r\n`), 'failed', ['closed']],
  ['closes in a trailer', saysAndCloses(`${CHUNKED}0\r\nX: 1`), 'failed', ['closed']],
  ['closes after 100 Continue', saysAndCloses('HTTP/1.1 100 Continue\r\n\r\n'), 'failed', ['closed']],
  ['resets in the body', saysAndResets(`${OK}Content-Length: 10\r\n\r\nhell`), 'failed', ['reset', 'closed']],
  ['sends a byte now and then', drips('', 'H', 60), 'timedOut', ['timeout']],
  ['never ends its header', drips(OK, 'X-A: b\r\n', 20), 'timedOut', ['timeout']],
  ['never ends its body', drips(`${OK}Content-Length: 100000\r\n\r\n`, 'x', 20), 'timedOut', ['timeout']],
  ['never ends its chunks', drips(CHUNKED, '1\r\nx\r\n', 20), 'timedOut', ['timeout']],
  ['says 100 Continue for ever', drips('', 'HTTP/1.1 100 Continue\r\n\r\n', 20), 'timedOut', ['timeout']],
  ['sends less than it said', says(`${OK}Content-Length: 5\r\n\r\nok`), 'timedOut', ['timeout']],
  ['ends its body by closing, and does not close', says(`${OK}\r\nok`), 'timedOut', ['timeout']],
  ['sends more than it said', says(`${OK}Content-Length: 2\r\n\r\nok and more`), 'good', []],
  ['sends two answers at once', says(WHOLE + WHOLE), 'good', []],
  ['answers before it is asked', { connection: (socket) => socket.end(WHOLE) }, 'good', []],
  [
    'speaks again later without being asked',
    { request: (socket) => socket.write(WHOLE, () => setTimeout(() => socket.write(WHOLE), 10)) },
    'good',
    [],
  ],
  ['closes after a whole answer', saysAndCloses(WHOLE), 'good', []],
  ['ends its body by closing', saysAndCloses(`${OK}\r\nok`), 'good', []],
  ['announces that it closes, and does not', says(`${OK}Connection: close\r\nContent-Length: 2\r\n\r\nok`), 'good', []],
  ['speaks HTTP/1.0', says('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'), 'good', []],
  ['sends a body with 204', says('HTTP/1.1 204 None\r\n\r\nbody'), 'good', []],
  ['gives a length with 304', says('HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n'), 'good', []],
  ['redirects to itself', says('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'), 'good', []],
  [
    'sends a compressed body unasked',
    says(`${OK}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b`),
    'good',
    [],
  ],
  ['sends a header of 60 KiB', says(`${OK}X: ${'a'.repeat(61_000)}\r\nContent-Length: 0\r\n\r\n`), 'good', []],
  [
    'sends a header of 1 MiB',
    says(`${OK}X: ${'a'.repeat(1_048_576)}\r\nContent-Length: 0\r\n\r\n`),
    'failed',
    ['too_large'],
  ],
  ['sends a hundred thousand headers', says(`${OK}${'A: b\r\n'.repeat(100_000)}\r\n`), 'failed', ['too_large']],
  ['floods with header', floods(OK, 'X-A: bbbbbbbbbbbbbbb\r\n'.repeat(100)), 'failed', ['too_large']],
  ['floods with trailers', floods(`${CHUNKED}0\r\n`, 'X-A: bbbbbbbbbbb\r\n'.repeat(100)), 'failed', ['too_large']],
  ['floods with a chunk extension', floods(`${CHUNKED}1;`, 'a'.repeat(1_000)), 'failed', ['too_large']],
  ['floods with body', floods(`${OK}\r\n`, 'a'.repeat(16_384)), 'timedOut', ['timeout']],
  ['sends an invalid chunk size', says(`${CHUNKED}xyz\r\n`), 'failed', ['protocol']],
  ['sends an immense chunk size', says(`${CHUNKED}${'f'.repeat(17)}\r\n`), 'failed', ['protocol']],
  ['sends a chunk without its end', says(`${CHUNKED}2\r\nokok\r\n0\r\n\r\n`), 'failed', ['protocol']],
  ['sends a negative length', says(`${OK}Content-Length: -1\r\n\r\n`), 'failed', ['protocol']],
  ['sends two lengths', says(`${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`), 'failed', ['protocol']],
  [
    'sends length and chunks',
    says(`${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok`),
    'failed',
    ['protocol'],
  ],
  ['sends chunks and length', says(`${CHUNKED.trimEnd()}\r\nContent-Length: 2\r\n\r\nok`), 'failed', ['protocol']],
  ['sends garbage', says(Buffer.from([0, 255, 1, 254, 13, 10, 13, 10, 10])), 'failed', ['protocol']],
  ['sends a TLS alert', says(Buffer.from([21, 3, 1, 0, 2, 2, 10, 10, 10])), 'failed', ['protocol']],
  ['speaks HTTP/2', says('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), 'failed', ['protocol']],
  ['speaks HTTP/0.9', saysAndCloses('<html>hello\r\n</html>\r\n'), 'failed', ['protocol']],
  ['speaks SSH', says('SSH-2.0-OpenSSH_9.2\r\n'), 'failed', ['protocol']],
  ['sends a status of two digits', says('HTTP/1.1 20 OK\r\n\r\n'), 'failed', ['protocol']],
  ['switches protocols', says('HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n'), 'failed', ['protocol']],
  ['ends lines with a line feed', says('HTTP/1.1 200 OK\nContent-Length: 0\n\n'), 'good', []],
  ['hides a length behind a line feed', says(`${OK}X: a\nContent-Length: 0\r\n\r\n`), 'failed', ['protocol']],
  ['ends its header with a line feed', says(`${OK}Content-Length: 0\r\n\n`), 'failed', ['protocol']],
  ['gives one length twice', says(`${OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`), 'good', []],
  ['gives a list of one length', says(`${OK}Content-Length: 2, 2\r\n\r\nok`), 'good', []],
  ['gives a list of two lengths', says(`${OK}Content-Length: 2, 3\r\n\r\nok`), 'failed', ['protocol']],
  ['folds a header line', says(`${OK}X: a\r\n b\r\nContent-Length: 2\r\n\r\nok`), 'good', []],
  ['folds its length', says(`${OK}Content-Length:\r\n 2\r\n\r\nok`), 'failed', ['protocol']],
  ['folds its coding', says(`${OK}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`), 'failed', ['protocol']],
  ['ends a chunk size with a line feed', says(`${CHUNKED}2\nok\r\n0\r\n\r\n`), 'failed', ['protocol']],
  ['names chunked twice', says(`${CHUNKED.trimEnd()}\r\nTransfer-Encoding: chunked\r\n\r\n`), 'failed', ['protocol']],
  [
    'sends a header of 90 KB',
    says(`${OK}X: ${'a'.repeat(90_000)}\r\nContent-Length: 0\r\n\r\n`),
    'failed',
    ['too_large'],
  ],
  ['has a NUL in a header', says(`${OK}X: \0\r\n\r\n`), 'failed', ['protocol']],
  ['has a space before a colon', says(`${OK}Content-Length : 0\r\n\r\n`), 'failed', ['protocol']],
  ['answers 404', says('HTTP/1.1 404 Not\r\nContent-Length: 0\r\n\r\n'), 'answered', ['http_4xx']],
  ['answers 429', says('HTTP/1.1 429 Many\r\nContent-Length: 0\r\n\r\n'), 'answered', ['http_4xx']],
  ['answers 503', says('HTTP/1.1 503 Not now\r\nContent-Length: 0\r\n\r\n'), 'answered', ['http_5xx']],
  ['answers 999', says('HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n'), 'answered', ['unexpected_status']],
  [
    'reads nothing of a large body',
    { connection: (socket) => socket.pause() },
    'timedOut',
    ['timeout'],
    { requests: [{ name: 'large', method: 'POST', path: '/', headers: {}, weight: 1, body: 'x'.repeat(8_000_000) }] },
  ],
  [
    'answers before it has read a large body',
    { connection: (socket) => socket.write(`HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n`) },
    'answered',
    ['http_4xx'],
    { requests: [{ name: 'large', method: 'POST', path: '/', headers: {}, weight: 1, body: 'x'.repeat(8_000_000) }] },
  ],
];

const TLS_CASES: Case[] = [
  ['speaks plain HTTP', { connection: (socket) => socket.write(WHOLE) }, 'failed', ['tls']],
  ['closes in the handshake', { connection: (socket) => socket.once('data', () => socket.end()) }, 'failed', ['tls']],
  [
    'resets in the handshake',
    { connection: (socket) => socket.once('data', () => socket.resetAndDestroy()) },
    'failed',
    ['tls'],
  ],
  ['never shakes hands', { connection: (socket) => socket.resume() }, 'timedOut', ['timeout']],
  [
    'sends garbage for a handshake',
    { connection: (socket) => socket.write(Buffer.alloc(64, 0x16)) },
    'failed',
    ['tls'],
  ],
  ['has a certificate of its own making', { ...says(WHOLE), tls: true }, 'failed', ['tls']],
  ['has such a certificate, and that is accepted', { ...says(WHOLE), tls: true }, 'good', [], { insecure: true }],
  ['closes without an answer', { ...saysAndCloses(''), tls: true }, 'failed', ['closed'], { insecure: true }],
  ['sends two answers at once', { ...says(WHOLE + WHOLE), tls: true }, 'good', [], { insecure: true }],
];

/** Four requests, 50 ms apart: each must end in the one way it should, and every count must say so. */
async function check(scheme: string, [name, behavior, outcome, kinds, more]: Case): Promise<void> {
  const server = await startHostile(behavior);
  try {
    const { collector, ticks } = await collectAll(
      `a target that ${name}`,
      load,
      order(`${scheme}://127.0.0.1:${server.port}`, { timeoutMs: outcome === 'timedOut' ? 400 : 5_000, ...more }),
    );
    const { counts, errors } = collector.judged();
    const answered = outcome === 'good' || outcome === 'answered' ? 4 : 0;
    expect({ errors, counts }).toMatchObject({
      counts: {
        planned: 4,
        sent: 4,
        answered,
        good: outcome === 'good' ? 4 : 0,
        failed: outcome === 'failed' ? 4 : 0,
        timedOut: outcome === 'timedOut' ? 4 : 0,
        cutOff: 0,
      },
    });
    const counted = kinds.reduce((sum, kind) => sum + (errors[kind] ?? 0), 0);
    expect({ errors, counted }).toMatchObject({ counted: kinds.length > 0 ? 4 : 0 });
    expect(Object.keys(errors).filter((kind) => !kinds.includes(kind as ErrorKind))).toEqual([]);
    expect(bookkeeping(collector)).toEqual([]);
    expect(ticks.at(-1)).toMatchObject({ last: true, connections: 0, outstanding: 0, waiting: 0 });
  } finally {
    await server.close();
  }
}

describe('a target that', () => {
  it.concurrent.each(CASES)('%s', (...one) => check('http', one));

  it('refuses connections', async () => {
    const server = await startHostile(silent);
    await server.close();
    const { collector } = await collect(load, order(`http://127.0.0.1:${server.port}`));
    expect(collector.judged()).toMatchObject({ counts: { sent: 4, failed: 4 }, errors: { refused: 4 }, bad: [4] });
  });
});

describe('a target that should speak TLS and', () => {
  it.concurrent.each(TLS_CASES)('%s', (...one) => check('https', one));
});
