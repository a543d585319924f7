import { describe, expect, it } from 'vitest';
import { createLeak } from '../../src/practice/leak.js';
import { startPractice } from '../../src/practice/practice.js';
import { createRandom } from '../../src/random.js';

const MIB = 1024 ** 2;

describe('createLeak', () => {
  it('keeps nothing unless told to', () => {
    const leak = createLeak({ bytesPerRequest: 0, abovePerSecond: 0, limitBytes: MIB });
    for (let index = 0; index < 100; index += 1) leak.request(index);
    expect([leak.bytes, leak.requests]).toEqual([0, 100]);
  });

  it('keeps exactly this many bytes of each request, up to its bound', () => {
    const leak = createLeak({ bytesPerRequest: 3_000, abovePerSecond: 0, limitBytes: 10_000_000 });
    for (let index = 0; index < 1_000; index += 1) leak.request(index);
    expect(leak.bytes).toBe(3_000_000);
    for (let index = 0; index < 9_000; index += 1) leak.request(index);
    expect(leak.bytes).toBe(10_000_000);
  });

  it('keeps it in resident memory', () => {
    const leak = createLeak({ bytesPerRequest: 64 * 1024, abovePerSecond: 0, limitBytes: 512 * MIB });
    const before = process.memoryUsage.rss();
    for (let index = 0; index < 2_048; index += 1) leak.request(index);
    const grownMib = (process.memoryUsage.rss() - before) / MIB;
    expect(grownMib).toBeGreaterThan(120);
    expect(grownMib).toBeLessThan(140);
    expect(leak.bytes).toBe(128 * MIB);
  });

  it.each([
    [75, 0],
    [225, 1 / 3],
    [300, 0.5],
    [600, 0.75],
  ])('above 150/s only: at %d/s the share 1 − 150 ÷ rate of Poisson arrivals leaks', (ratePerSecond, share) => {
    const leak = createLeak({ bytesPerRequest: 1, abovePerSecond: 150, limitBytes: MIB });
    const random = createRandom(5);
    let nowMs = 0;
    for (let index = 0; index < 50_000; index += 1) {
      nowMs += (random.exponential() * 1_000) / ratePerSecond;
      leak.request(nowMs);
    }
    expect(Math.abs(leak.bytes / 50_000 - share)).toBeLessThan(0.01);
  });
});

describe('a practice target that leaks', () => {
  it('shows how much, over all nodes', async () => {
    const practice = await startPractice({ nodes: 2, serviceMs: 1, leakBytesPerRequest: 1_000, collectAtRest: true });
    for (let index = 0; index < 6; index += 1) await (await fetch(practice.nodes[index % 2]?.url ?? '')).text();
    expect(await (await fetch(`${practice.url}/metrics`)).text()).toContain('practice_leaked_bytes 6000\n');
    await practice.close();
  });
});
