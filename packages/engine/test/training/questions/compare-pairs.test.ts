import { toTarget, type Comparison, type Target } from '@hive/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Load, LoadOrder } from '../../../src/measuring.js';
import {
  comparePairs,
  type ComparePairsOptions,
  type ComparingEvent,
} from '../../../src/training/questions/compare-pairs.js';
import { createVirtualClock } from '../../../src/virtual/clock.js';
import { createVirtualLoad } from '../../../src/virtual/load.js';
import { virtualOutside } from '../../../src/virtual/outside.js';
import { createQueue } from '../../../src/virtual/queue.js';

const describeAt = (port: number, more: object = {}): Target =>
  toTarget({ url: `http://127.0.0.1:${port}`, objectives: ['p(99)<200'], ...more }, port === 1 ? 'base' : 'candidate');

interface Asked extends Partial<ComparePairsOptions> {
  /** Mean of a request of the candidate, ms; of the base it is 20. */
  takesMs?: number;
  /** After this many pairs the candidate is like the base again. */
  healsAfter?: number;
  /** Stopped after this many runs. */
  stopsAfter?: number;
}

/** Eight slots each, one load generator for both. */
async function compare(asked: Asked = {}) {
  const { takesMs = 20, healsAfter = Infinity, stopsAfter = Infinity, ...more } = asked;
  const clock = createVirtualClock();
  const stop = new AbortController();
  const orders: LoadOrder[] = [];
  let pairs = 0;
  const base = createQueue({ slots: 8, serviceMs: (random) => 20 * random.exponential() }, 5);
  const other = createQueue(
    { slots: 8, serviceMs: (random) => (pairs < healsAfter ? takesMs : 20) * random.exponential() },
    6,
  );
  const loads = [createVirtualLoad(clock, base), createVirtualLoad(clock, other)];
  const load: Load = {
    run(order, signal) {
      if (orders.length >= stopsAfter) stop.abort();
      orders.push(order);
      return loads[order.nodes[0]!.url.includes(':1') ? 0 : 1]!.run(order, signal);
    },
    close: async () => {},
  };
  const events = comparePairs({
    base: describeAt(1),
    candidate: describeAt(2),
    ratePerSecond: 60,
    pairs: 8,
    tolerance: 0.1,
    gates: ['p95', 'errors'],
    seed: 9,
    clock,
    load,
    outside: virtualOutside(base, clock),
    signal: stop.signal,
    allowTargets: [],
    sessionId: 'exe_1',
    ...more,
  });
  const seen: ComparingEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return { comparison: next.value as Comparison, orders, seen };
    seen.push(next.value);
    if (next.value.type === 'pair') pairs += 1;
  }
}

const sides = (orders: readonly LoadOrder[]): string =>
  orders.map(({ nodes }) => (nodes[0]!.url.includes(':1') ? 'A' : 'B')).join('');

describe('two services compared in turn', () => {
  /** Two tests look at it. */
  let usual: Awaited<ReturnType<typeof compare>>;
  beforeAll(async () => {
    usual = await compare();
  });

  it('are worse where the candidate is slower, shown a second time by eight new pairs', async () => {
    const { comparison, orders, seen } = await compare({ takesMs: 27 });
    expect(comparison.answer).toBe('worse');
    expect(comparison.items.find(({ name }) => name === 'p95')).toMatchObject({ answer: 'worse', decides: true });
    expect(orders).toHaveLength(32);
    expect(seen.filter((one) => one.type === 'pair' && one.confirming)).toHaveLength(8);
  });

  it('are the same where they are, after eight pairs', () => {
    const { comparison, orders } = usual;
    expect(comparison.answer).toBe('same');
    expect(orders).toHaveLength(16);
  });

  it('are not called worse by what new pairs do not show', async () => {
    const { comparison } = await compare({ takesMs: 27, healsAfter: 8 });
    expect(comparison).toMatchObject({
      answer: 'no_evidence',
      reasons: ['not confirmed: 8 new pairs did not show it again'],
    });
  });

  it('take turns in blocks of two pairs, each run as long and at the asked rate', () => {
    const { orders } = usual;
    expect(
      sides(orders)
        .match(/.{4}/g)!
        .every((block) => block === 'ABBA' || block === 'BAAB'),
    ).toBe(true);
    for (const { warmupMs, durationMs, arrivals } of orders) {
      expect([warmupMs, durationMs]).toEqual([2_000, 30_000]);
      expect(arrivals).toMatchObject({ model: 'open', stages: [{ fromPerSecond: 60, toPerSecond: 60 }] });
    }
  });

  it('say nothing when they are stopped', async () => {
    const { comparison, orders } = await compare({ stopsAfter: 3 });
    expect(comparison).toBeNull();
    expect(orders).toHaveLength(4);
  });

  it.each([
    ['base', { base: describeAt(1, { safety: { maxRequests: 3_000 } }) }],
    ['candidate', { candidate: describeAt(2, { safety: { maxRequests: 3_000 } }) }],
  ])('end for both with what the %s allows', async (name, more) => {
    const { comparison, orders } = await compare(more);
    expect(comparison).toMatchObject({
      answer: 'not_comparable',
      reasons: [`3,000 requests were sent, as many as safety.maxRequests of ${name} allows`],
    });
    // 1,920 requests a run: the second run of one of them is the last.
    expect(orders.length).toBeLessThan(5);
  });

  it.each([
    ['objectives', { candidate: describeAt(2, { objectives: ['p(99)<100'] }) }],
    ['requests', { candidate: describeAt(2, { requests: [{ name: 'a', path: '/a' }] }) }],
  ])('cannot be compared where their %s differ, and nothing is sent', async (what, more) => {
    const { comparison, orders } = await compare(more);
    expect(comparison).toMatchObject({ answer: 'not_comparable', reasons: [expect.stringContaining(what)] });
    expect(orders).toEqual([]);
  });

  it.each([
    ['pairs', { pairs: 7 }, /pairs: must be a whole number from 8 to 20/],
    ['tolerance', { tolerance: 0 }, /tolerance: must be between 0 and 1/],
    ['gates', { gates: [] }, /gates: name at least one metric/],
    ['rate', { base: describeAt(1, { safety: { maxRatePerSecond: 50 } }) }, /base: more than its cap of 50/],
    [
      'production',
      { candidate: describeAt(2, { safety: { environment: 'production' } }) },
      /only hive verify may load it/,
    ],
    ['time', { candidate: describeAt(2, { safety: { maxSeconds: 20 } }) }, /candidate: a run of 32 s is longer/],
  ])('are refused beyond what may be asked: %s', async (_, more, message) => {
    await expect(compare(more)).rejects.toThrow(message);
  });
});
