import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { RequestClass } from '@hive/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { LoadOrder } from '../../src/measuring.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startAnswering, type Answering, type Seen } from './answering.js';
import { bookkeeping, collect, order } from './order.js';

const load = createThreadLoad();
afterAll(() => load.close());
const servers: Answering[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const BYTES = 3_000;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');
const field = (bytes: Uint8Array): string => `sha-256=:${sha256(bytes)}:`;
const bodyOf = (bytes: number): Buffer => Buffer.alloc(bytes, 7);

const DOWNLOAD: RequestClass = {
  name: 'down',
  method: 'GET',
  path: '/bytes/{bytes}',
  headers: {},
  weight: 1,
  payload: 'download',
};
const UPLOAD: RequestClass = { name: 'up', method: 'POST', path: '/bytes', headers: {}, weight: 1, payload: 'upload' };
const PLAIN: RequestClass = { name: 'plain', method: 'GET', path: '/plain', headers: {}, weight: 1 };

/** Moves bodies, two at once, for 150 ms. */
async function move(
  requests: RequestClass[],
  answer: (response: ServerResponse, seen: Seen, number: number) => unknown,
  more: Partial<LoadOrder> = {},
) {
  const server = await startAnswering(answer);
  servers.push(server);
  const arrivals = { model: 'closed', connections: 2, thinkMs: 5 } as const;
  const what = order(server.url, {
    requests,
    arrivals,
    durationMs: 150,
    timeoutMs: 5_000,
    payloadBytes: BYTES,
    ...more,
  });
  const { collector } = await collect(load, what);
  expect(bookkeeping(collector)).toEqual([]);
  return { ...collector.judged(), seen: server.seen };
}

describe('a download', () => {
  const body = bodyOf(BYTES);
  it.each<[string, (response: ServerResponse) => unknown, 'good' | 'wrong_body' | 'http_5xx']>([
    ['of the right length', (response) => response.end(body), 'good'],
    [
      'in pieces, without a length',
      (response) => (response.write(body.subarray(0, 1_000)), response.end(body.subarray(1_000))),
      'good',
    ],
    ['with its digest', (response) => response.setHeader('content-digest', field(body)).end(body), 'good'],
    [
      'with its digest beside others',
      (response) => response.setHeader('Repr-Digest', `md5=:aaaa:, ${field(body)}`).end(body),
      'good',
    ],
    [
      'with a digest that Hive does not know',
      (response) => response.setHeader('content-digest', 'md5=:aaaa:').end(body),
      'good',
    ],
    [
      'with the digest of another body',
      (response) => response.setHeader('content-digest', field(bodyOf(1))).end(body),
      'wrong_body',
    ],
    [
      'with a wrong digest of the representation',
      (response) => response.setHeader('repr-digest', field(bodyOf(1))).end(body),
      'wrong_body',
    ],
    ['a byte short', (response) => response.end(body.subarray(1)), 'wrong_body'],
    ['a byte too long', (response) => response.end(bodyOf(BYTES + 1)), 'wrong_body'],
    ['in pieces, and short', (response) => (response.write(body.subarray(0, 1_000)), response.end()), 'wrong_body'],
    ['without a body', (response) => response.writeHead(204).end(), 'wrong_body'],
    ['refused', (response) => response.writeHead(503).end('busy'), 'http_5xx'],
  ])('%s', async (_, answer, outcome) => {
    const { counts, errors, bad, seen } = await move([DOWNLOAD], answer);
    expect(counts.planned).toBeGreaterThan(2);
    expect(seen[0]?.url).toBe(`/bytes/${BYTES}`);
    if (outcome === 'good') expect([counts.good, errors]).toEqual([counts.planned, {}]);
    else expect([counts.good, errors, bad]).toEqual([0, { [outcome]: counts.planned }, [counts.planned]]);
  });

  it('whose connection breaks in the middle is not answered at all', async () => {
    const { counts, errors } = await move([DOWNLOAD], (response) => {
      response.setHeader('content-length', String(BYTES));
      response.write(body.subarray(0, 1_000), () => response.destroy());
    });
    expect(counts.answered).toBe(0);
    expect(errors.wrong_body).toBeUndefined();
    expect(counts.failed).toBe(counts.planned);
  });

  it('is told apart from whatever else goes over the same connection', async () => {
    const { groups, errors } = await move(
      [DOWNLOAD, PLAIN],
      (response, { url }) => response.setHeader('content-digest', field(bodyOf(1))).end(url === '/plain' ? 'ok' : body),
      { groupBy: ['class'], durationMs: 300 },
    );
    const [down, plain] = groups;
    expect(down).toMatchObject({ good: 0 });
    expect(plain?.good).toBe(plain?.planned);
    expect(errors).toEqual({ wrong_body: down?.planned });
  });
});

describe('an upload', () => {
  it.each([1, 1_024, 16 * 1_024 + 1, 300_000])(
    'of %d bytes arrives whole, with its length and digest',
    async (payloadBytes) => {
      const { counts, seen, bytesOut } = await move([UPLOAD], (response) => response.end(), { payloadBytes });
      expect(counts.good).toBe(counts.planned);
      expect(seen.length).toBeGreaterThan(2);
      for (const { method, headers, body } of seen) {
        expect([method, headers['content-length'], body.length]).toEqual(['POST', String(payloadBytes), payloadBytes]);
        expect(headers['content-digest']).toBe(field(body));
      }
      expect(bytesOut).toBeGreaterThan(seen.length * payloadBytes);
    },
  );

  it.each<[string, (response: ServerResponse, seen: Seen) => unknown, boolean]>([
    ['and the target says nothing of it', (response) => response.end(), true],
    [
      'and the target received the same',
      (response, { body }) => response.setHeader('x-received-digest', field(body)).end('{}'),
      true,
    ],
    [
      'and the target received another body',
      (response) => response.setHeader('x-received-digest', field(bodyOf(1))).end('{}'),
      false,
    ],
    [
      'and the answer is not what it claims to be',
      (response) => response.setHeader('content-digest', field(bodyOf(1))).end('{}'),
      false,
    ],
    [
      'and the answer is what it claims to be',
      (response) => response.setHeader('content-digest', field(Buffer.from('{}'))).end('{}'),
      true,
    ],
  ])('%s', async (_, answer, good) => {
    const { counts, errors } = await move([UPLOAD], answer);
    expect(counts.good).toBe(good ? counts.planned : 0);
    expect(errors).toEqual(good ? {} : { wrong_body: counts.planned });
  });
});
