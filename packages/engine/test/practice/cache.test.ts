import { afterEach, describe, expect, it } from 'vitest';
import { createCache } from '../../src/practice/cache.js';
import { startPractice, type Practice } from '../../src/practice/practice.js';
import { createRandom } from '../../src/random.js';
import { hitShare, mostKeys, popularity } from './hit-share.js';

describe('createCache', () => {
  const reads = (policy: 'lru' | 'fifo' | 'none', keys: string): string => {
    const cache = createCache({ keys: 2, policy });
    return Array.from(keys, (key) => (cache.read(key) ? 'h' : 'm')).join('');
  };

  it.each([
    ['lru', 'abacab', 'mmhmhm'],
    ['fifo', 'abacab', 'mmhmmm'],
    ['none', 'aaaa', 'mmmm'],
  ] as const)('%s: %s → %s', (policy, keys, answers) => {
    expect(reads(policy, keys)).toBe(answers);
  });

  it('holds nothing when it has no room', () => {
    const cache = createCache({ keys: 0, policy: 'lru' });
    expect([cache.read('a'), cache.read('a')]).toEqual([false, false]);
  });
});

describe('the hit share', () => {
  /** Draws keys by their popularity, after a long first part that only fills the cache. */
  function simulated(chances: number[], size: number, policy: 'lru' | 'fifo'): number {
    const random = createRandom(11);
    const cache = createCache({ keys: size, policy });
    let sum = 0;
    const upTo = chances.map((chance) => (sum += chance));
    const draw = (): number => {
      const wanted = random.next() * sum;
      let [low, high] = [0, chances.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((upTo[middle] as number) > wanted) high = middle;
        else low = middle + 1;
      }
      return low;
    };
    const reads = 300_000;
    for (let index = 0; index < reads; index += 1) cache.read(String(draw()));
    let hits = 0;
    for (let index = 0; index < reads; index += 1) if (cache.read(String(draw()))) hits += 1;
    return hits / reads;
  }

  it.each([
    ['lru', 0, 400],
    ['lru', 0.8, 400],
    ['lru', 1, 520],
    ['lru', 1, 2_000],
    ['fifo', 0, 400],
    ['fifo', 0.8, 400],
    ['fifo', 1, 417],
    ['fifo', 1.2, 2_000],
  ] as const)('of %s, Zipf %d over %d keys, is what theory says, within half a point', (policy, exponent, keys) => {
    const chances = popularity(keys, exponent);
    expect(Math.abs(simulated(chances, 200, policy) - hitShare(chances, 200, policy))).toBeLessThan(0.005);
  });

  it('is size ÷ keys where all keys are alike', () => {
    expect(hitShare(popularity(400, 0), 100, 'lru')).toBeCloseTo(0.25, 6);
    expect(hitShare(popularity(400, 0), 100, 'fifo')).toBeCloseTo(0.25, 6);
  });

  it.each([
    ['lru', 0, [399, 249, 222, 210]],
    ['lru', 0.8, [1_117, 348, 261, 228]],
    ['lru', 1, [6_904, 520, 312, 249]],
    ['fifo', 1, [3_679, 417, 277, 233]],
  ] as const)('of %s and Zipf %d keeps the floors to as many keys as documented', (policy, exponent, keys) => {
    const found = [0.5, 0.8, 0.9, 0.95].map((floor) => mostKeys({ size: 200, policy, exponent, floor }));
    expect(found).toEqual(keys);
  });
});

describe('GET /items/{key}', () => {
  let practice: Practice;
  afterEach(() => practice.close());
  const read = async (key: string, node = 0): Promise<string | null> => {
    const response = await fetch(`${practice.nodes[node]?.url ?? ''}/items/${key}`);
    await response.text();
    return response.headers.get('x-cache');
  };

  it('answers hits without a slot and misses with one', async () => {
    practice = await startPractice({ workers: 1, serviceMs: 1, heavyServiceMs: 60_000 });
    expect(await read('7')).toBe('MISS');
    const stop = new AbortController();
    const heavy = fetch(`${practice.url}/report`, { signal: stop.signal }).catch(() => 'left');
    await expect
      .poll(async () => (await fetch(`${practice.url}/metrics`)).text())
      .toContain('practice_in_flight{node="node-1"} 1\n');
    expect(await read('7')).toBe('HIT');
    stop.abort();
    await heavy;
    const text = await (await fetch(`${practice.url}/metrics`)).text();
    expect(text).toContain('practice_cache_hits_total{node="node-1"} 1\n');
    expect(text).toContain('practice_cache_misses_total{node="node-1"} 1\n');
  });

  it('holds a miss for the service time, and a hit for its own', async () => {
    practice = await startPractice({ serviceMs: 80, hitMs: 40 });
    const times: number[] = [];
    for (let index = 0; index < 2; index += 1) {
      const before = performance.now();
      await read('a');
      times.push(performance.now() - before);
    }
    expect(times[0]).toBeGreaterThan(79);
    expect(times[1]).toBeGreaterThan(39);
  });

  it('has a cache for each node, or one for all', async () => {
    practice = await startPractice({ nodes: 2, serviceMs: 1 });
    expect([await read('a', 0), await read('a', 1), await read('a', 1)]).toEqual(['MISS', 'MISS', 'HIT']);
    await practice.close();
    practice = await startPractice({ nodes: 2, serviceMs: 1, cacheShared: true });
    expect([await read('a', 0), await read('a', 1)]).toEqual(['MISS', 'HIT']);
  });
});
