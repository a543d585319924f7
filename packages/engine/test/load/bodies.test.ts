import { createHash, randomBytes } from 'node:crypto';
import { toTarget } from '@hive/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { contact } from '../../src/checking/contact.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startAnswering, type Answering } from './answering.js';
import { collect, order } from './order.js';

const load = createThreadLoad();
afterAll(() => load.close());
const servers: Answering[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** What a server gets of a request that is sent a few times. */
async function sent(request: object) {
  const server = await startAnswering();
  servers.push(server);
  const target = toTarget({ url: server.url, requests: [request], safety: { allowWrites: true } }, 'it');
  const arrivals = { model: 'closed', connections: 1, thinkMs: 20 } as const;
  const what = order(server.url, { requests: target.requests, arrivals, durationMs: 60, timeoutMs: 5_000 });
  // A machine that is busy may send nothing in so short a time.
  for (let turn = 0; turn < 20 && server.seen.length === 0; turn++) await collect(load, what);
  expect(server.seen.length).toBeGreaterThan(0);
  await contact({ target, allowTargets: [], writes: true });
  expect(server.seen.length).toBeGreaterThan(1);
  return server.seen;
}

describe('a body is bytes', () => {
  it.each([
    ['every byte', every],
    ['no byte', Buffer.alloc(0)],
    ['what is no UTF-8, with line breaks', Buffer.from([0xff, 0xfe, 13, 10, 0, 0xc3])],
    ['more than is sent with the header', randomBytes(100_000)],
    ['what looks like a reference', Buffer.from('${NO_SUCH_NAME} $${x}')],
  ])('%s arrives as it is, in load and at rest', async (_, bytes) => {
    const seen = await sent({ method: 'POST', path: '/', bodyBase64: bytes.toString('base64') });
    expect(new Set(seen.map(({ body }) => sha256(body)))).toEqual(new Set([sha256(bytes)]));
    expect(new Set(seen.map(({ headers }) => headers['content-length']))).toEqual(new Set([String(bytes.length)]));
  });

  it('is sent after a key in the path too', async () => {
    const request = { method: 'PUT', path: '/{key}', keys: { count: 9 }, bodyBase64: every.toString('base64') };
    for (const { body } of await sent(request)) expect(body).toEqual(every);
  });
});

describe('a request that ends its connection', () => {
  it.each(['close', 'keep-alive, Close'])('gets another each time: connection: %s', async (connection) => {
    const seen = await sent({ headers: { connection } });
    expect(new Set(seen.map(({ socket }) => socket)).size).toBe(seen.length);
  });
});

describe('a header with several values', () => {
  it('has a line for each, in their order', async () => {
    const seen = await sent({ headers: { 'X-One': ['1', '2', '1'], 'x-two': 'a' } });
    for (const { headers } of seen) expect(headers).toMatchObject({ 'x-one': '1, 2, 1', 'x-two': 'a' });
  });

  it('takes the place of what Hive would send', async () => {
    for (const { headers } of await sent({ headers: { Accept: ['a/b', 'c/d'] } }))
      expect(headers.accept).toBe('a/b, c/d');
  });

  it('is refused where a request may have one line alone', async () => {
    await expect(sent({ headers: { host: ['a', 'b'] } })).rejects.toThrow(/host is given more than once/);
  });
});
