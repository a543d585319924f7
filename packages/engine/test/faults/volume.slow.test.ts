import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createProxy } from '../../src/faults/proxy.js';
import { seededDraws } from '../../src/faults/random.js';
import { dial, startEcho, startServer, take } from './sockets.js';

const GIB = 1024 ** 3;
const MINUTES = 60_000;

describe('a lot of data', () => {
  it(
    '1 GiB is byte-identical under random slicing and random chunks',
    async () => {
      const arrived = createHash('sha256');
      let bytes = 0;
      let ended: () => void = () => undefined;
      const end = new Promise<void>((done) => (ended = done));
      const server = await startServer((socket) => {
        socket.on('data', (chunk) => {
          arrived.update(chunk);
          bytes += chunk.length;
        });
        socket.on('end', () => ended());
      });
      const proxy = await createProxy({ upstream: server.address, seed: 5 });
      const attributes = { average_size: 9_000, size_variation: 8_999, delay: 0 };
      proxy.addToxic({ type: 'slicer', stream: 'upstream', attributes });
      const socket = await dial(proxy.listen);
      const sent = createHash('sha256');
      const draws = seededDraws(5, 'volume');
      const block = Buffer.from(Array.from({ length: 1024 * 1024 + 7 }, () => Math.floor(draws() * 256)));
      for (let left = GIB; left > 0;) {
        const from = Math.floor(draws() * block.length);
        const chunk = block.subarray(from, from + Math.min(left, 1 + Math.floor(draws() * 300_000)));
        sent.update(chunk);
        left -= chunk.length;
        if (!socket.write(chunk)) await new Promise((done) => socket.once('drain', done));
      }
      socket.end();
      await end;
      expect(bytes).toBe(GIB);
      expect(arrived.digest('hex')).toBe(sent.digest('hex'));
      socket.destroy();
      await proxy.close();
      await server.close();
    },
    10 * MINUTES,
  );

  it.each([50, 1_000, 20_000, 100_000])(
    'bandwidth %i KB/s is kept within a twentieth',
    async (rate) => {
      const block = Buffer.alloc(64 * 1024);
      const server = await startServer((source) => {
        const fill = (): void => {
          while (source.write(block));
        };
        source.on('drain', fill);
        fill();
      });
      const proxy = await createProxy({ upstream: server.address });
      proxy.addToxic({ type: 'bandwidth', attributes: { rate } });
      const socket = await dial(proxy.listen);
      const startMs = performance.now();
      const wanted = rate * 1_000 * 4;
      let bytes = 0;
      await new Promise<void>((done) => {
        socket.on('data', (chunk) => {
          bytes += chunk.length;
          if (bytes >= wanted) done();
        });
      });
      const kbPerSecond = bytes / (performance.now() - startMs);
      expect(kbPerSecond).toBeGreaterThan(rate * 0.95);
      expect(kbPerSecond).toBeLessThan(rate * 1.05);
      socket.destroy();
      await proxy.close();
      await server.close();
    },
    2 * MINUTES,
  );

  it(
    'latency 40 ± 15 ms is kept within its jitter and 10 ms, one way',
    async () => {
      const server = await startEcho();
      const proxy = await createProxy({ upstream: server.address });
      proxy.addToxic({ type: 'latency', stream: 'upstream', attributes: { latency: 40, jitter: 15 } });
      const socket = await dial(proxy.listen);
      const times: number[] = [];
      for (let count = 0; count < 300; count++) {
        const startMs = performance.now();
        socket.write('x');
        await take(socket, 1);
        times.push(performance.now() - startMs);
      }
      times.sort((a, b) => a - b);
      expect(times[0]).toBeGreaterThanOrEqual(25);
      // The machine may stall now and then; the fault may not be late as a rule.
      expect(times[Math.floor(times.length * 0.98)]).toBeLessThan(65);
      expect(times[150]).toBeGreaterThan(35);
      expect(times[150]).toBeLessThan(50);
      socket.destroy();
      await proxy.close();
      await server.close();
    },
    MINUTES,
  );
});
