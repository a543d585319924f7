import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { createProxy } from '../../src/faults/proxy.js';
import { seededDraws } from '../../src/faults/random.js';
import type { ToxicInput } from '../../src/faults/registry.js';
import type { Stream } from '../../src/faults/toxic.js';
import { dial, pause, startEcho, startServer, take, type TestServer } from './sockets.js';

/** Faults that lose nothing: whatever chain they form, and however it changes, the bytes come out as they went in. */
const harmless = fc.oneof(
  fc.record({
    type: fc.constant('latency'),
    attributes: fc.record({ latency: fc.nat(15), jitter: fc.nat(15) }),
  }),
  fc.record({
    type: fc.constant('bandwidth'),
    attributes: fc.record({ rate: fc.integer({ min: 2_000, max: 50_000 }) }),
  }),
  fc.record({ type: fc.constant('slow_close'), attributes: fc.record({ delay: fc.nat(10) }) }),
  fc.record({ type: fc.constant('http_slow_headers'), attributes: fc.record({ delay: fc.nat(10) }) }),
  fc.record({
    type: fc.constant('slicer'),
    attributes: fc.record({
      average_size: fc.integer({ min: 300, max: 5_000 }),
      size_variation: fc.nat(299),
      delay: fc.nat(50),
    }),
  }),
) as fc.Arbitrary<ToxicInput>;

const step = fc.record({
  at: fc.nat(100_000),
  act: fc.constantFrom('add', 'update', 'remove', 'redraw'),
  toxic: harmless,
  stream: fc.constantFrom<Stream>('upstream', 'downstream'),
  pick: fc.nat(20),
});

const plan = fc.record({
  seed: fc.nat(),
  bytes: fc.integer({ min: 1, max: 150_000 }),
  chunks: fc.integer({ min: 1, max: 60 }),
  steps: fc.array(step, { maxLength: 12 }),
});

const MANY = itSlow === it ? 60 : 20;

let server: TestServer;
beforeAll(async () => {
  server = await startEcho();
});
afterAll(() => server.close());

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('faults that lose nothing', () => {
  it('keep every byte and the order, while they are added, changed and removed', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ seed, bytes, chunks, steps }) => {
        const draws = seededDraws(seed, 'chunks');
        const sent = Buffer.from(Array.from({ length: bytes }, () => Math.floor(draws() * 256)));
        const due = steps.toSorted((a, b) => a.at - b.at);
        const proxy = await createProxy({ upstream: server.address, seed });
        const socket = await dial(proxy.listen);
        const answer = take(socket, Infinity);
        for (let from = 0; from < bytes;) {
          while (due[0] && due[0].at <= from) change(due.shift() as (typeof due)[number]);
          const to = from + 1 + Math.floor(draws() * 2 * (bytes / chunks));
          socket.write(sent.subarray(from, to));
          from = to;
          if (draws() < 0.3) await pause(0);
        }
        for (const left of due) {
          await pause(1);
          change(left);
        }
        socket.end();
        const got = await answer;
        await proxy.close();
        socket.destroy();
        expect(got.length).toBe(sent.length);
        expect(digest(got)).toBe(digest(sent));

        function change({ act, toxic, stream, pick }: (typeof steps)[number]): void {
          const { toxics } = proxy;
          const chosen = toxics[pick % Math.max(1, toxics.length)];
          if (act === 'add' || !chosen) {
            proxy.addToxic({
              ...toxic,
              stream,
              name: `t${performance.now()}.${draws()}`,
              toxicity: 0.8,
            });
          } else if (act === 'remove') proxy.removeToxic(chosen.name);
          else if (act === 'redraw') proxy.updateToxic(chosen.name, { toxicity: draws() });
          else if (chosen.type === toxic.type) proxy.updateToxic(chosen.name, { attributes: toxic.attributes ?? {} });
        }
      }),
      { numRuns: MANY, seed: 20_261, endOnFailure: true },
    );
  });

  it('keep every byte for a receiver that falls behind', async () => {
    const arrived = createHash('sha256');
    let over: () => void = () => undefined;
    const end = new Promise<void>((done) => (over = done));
    const slow = await startServer((socket) => {
      socket.on('data', (chunk) => {
        arrived.update(chunk);
        socket.pause();
        setTimeout(() => socket.resume(), 1);
      });
      socket.on('end', () => over());
    });
    const proxy = await createProxy({ upstream: slow.address, seed: 3 });
    const socket = await dial(proxy.listen);
    const sent = createHash('sha256');
    const draws = seededDraws(3, 'blocks');
    const attributes = { average_size: 20_000, size_variation: 10_000 };
    for (let count = 0; count < 300; count++) {
      // No two blocks alike: memory that is read into before its bytes are out would show.
      const block = Buffer.alloc(1 + Math.floor(draws() * 150_000), `${count}.`);
      sent.update(block);
      if (!socket.write(block)) await once(socket, 'drain');
      if (count % 50 === 20) proxy.addToxic({ type: 'slicer', stream: 'upstream', name: 't', attributes });
      if (count % 50 === 40) proxy.removeToxic('t');
    }
    socket.end();
    await end;
    expect(arrived.digest('hex')).toBe(sent.digest('hex'));
    await proxy.close();
    socket.destroy();
    await slow.close();
  });

  it('limit_data passes a prefix of exactly its length, through any chain', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(harmless, { maxLength: 4 }),
        fc.integer({ min: 1, max: 20_000 }),
        async (chain, limit) => {
          const proxy = await createProxy({ upstream: server.address });
          for (const [index, toxic] of chain.entries())
            proxy.addToxic({ ...toxic, name: `t${index}`, stream: 'upstream' });
          proxy.addToxic({ type: 'limit_data', attributes: { bytes: limit } });
          const sent = Buffer.from(Array.from({ length: 30_000 }, (_, index) => index % 251));
          const socket = await dial(proxy.listen);
          const answer = take(socket, Infinity);
          socket.write(sent);
          const got = await answer;
          await proxy.close();
          socket.destroy();
          expect(got.equals(sent.subarray(0, limit))).toBe(true);
        },
      ),
      { numRuns: 20, seed: 7 },
    );
  });

  it('any chain at all passes a beginning of what was sent, and leaves nothing open', async () => {
    const times = fc.record({ timeout: fc.nat(8) });
    const harmful = fc.oneof(
      fc.record({ type: fc.constant('timeout'), attributes: times }),
      fc.record({ type: fc.constant('reset_peer'), attributes: times }),
      fc.record({ type: fc.constant('limit_data'), attributes: fc.record({ bytes: fc.nat(30_000) }) }),
      fc.record({ type: fc.constant('bandwidth'), attributes: fc.record({ rate: fc.constant(0) }) }),
    ) as fc.Arbitrary<ToxicInput>;
    const link = fc.record({
      toxic: fc.oneof(harmless, harmful),
      stream: fc.constantFrom<Stream>('upstream', 'downstream'),
      removed: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(link, { minLength: 1, maxLength: 5 }), async (links) => {
        const proxy = await createProxy({ upstream: server.address });
        const socket = await dial(proxy.listen);
        const chunks: Buffer[] = [];
        socket.on('data', (chunk) => chunks.push(chunk));
        const sent = Buffer.from(Array.from({ length: 40_000 }, (_, index) => index % 251));
        for (const [index, { toxic, stream }] of links.entries()) {
          socket.write(sent.subarray((index * sent.length) / links.length, ((index + 1) * sent.length) / links.length));
          proxy.addToxic({ ...toxic, name: `t${index}`, stream, toxicity: 0.9 });
          await pause(1);
        }
        for (const [index, { removed }] of links.entries()) if (removed) proxy.removeToxic(`t${index}`);
        await pause(10);
        const got = Buffer.concat(chunks);
        expect(got.equals(sent.subarray(0, got.length))).toBe(true);
        socket.destroy();
        proxy.removeToxics();
        while (proxy.counters.openConnections > 0) await pause(1);
        await proxy.close();
      }),
      { numRuns: MANY, seed: 11, endOnFailure: true },
    );
  });
});
