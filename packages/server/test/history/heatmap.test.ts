import { expect, it } from 'vitest';
import { heatmapOf, percentilesOf } from '../../src/history/heatmap.js';
import type { KeptWindow } from '../../src/store/store.js';
import { sampleWindow } from '../store/samples.js';

/** 90 values of 20 ms and 10 of 40 ms. */
const HISTOGRAM = new Uint8Array(
  Buffer.from('HISTFAAAACp4nJNpmSzMwMDAzsDAwMjAwMDMAAEgNgPz5HYGGP9w8BbGv/wiAF1gBVw=', 'base64'),
);
const ids = { scenarioId: 's', sessionId: 'x', targetId: 't' };

/** Seconds in batches of ten; every one of them has that histogram, but those that are named. */
async function* seconds(count: number, others: Record<number, Uint8Array | null> = {}): AsyncGenerator<KeptWindow[]> {
  for (let from = 0; from < count; from += 10)
    yield Array.from({ length: Math.min(10, count - from) }, (_, index) => {
      const second = from + index;
      const window = sampleWindow(ids, { fromMs: second * 1_000, toMs: (second + 1) * 1_000 });
      return { window, responseTime: second in others ? (others[second] ?? null) : HISTOGRAM, serviceTime: null };
    });
}

it('has a column for each second of a short run, and counts each answer once', async () => {
  const { columns, edgesMs, counts } = await heatmapOf(seconds(7), 240);
  expect(columns.map(({ fromMs, toMs, count }) => [fromMs, toMs, count])).toEqual(
    Array.from({ length: 7 }, (_, second) => [second * 1_000, (second + 1) * 1_000, 100]),
  );
  expect(edgesMs).toHaveLength(41);
  expect(edgesMs).toEqual(edgesMs.toSorted((a, b) => a - b));
  const rowOf = (ms: number): number => edgesMs.findIndex((edge, row) => edge <= ms && ms < (edgesMs[row + 1] ?? 0));
  for (const column of counts) {
    expect(column).toHaveLength(40);
    expect(column[rowOf(20)]).toBe(90);
    expect(column[rowOf(40)]).toBe(10);
  }
  expect(columns[0]?.p50Ms).toBeCloseTo(20, 0);
  expect(columns[0]?.p99Ms).toBeCloseTo(40, 0);
});

it.each([
  [100, 60],
  [600, 600],
  [601, 600],
  [5_000, 7],
])('shows %d seconds in at most %d columns, none of them lost', async (length, most) => {
  const { columns, counts } = await heatmapOf(seconds(length), most);
  expect(columns.length).toBeLessThanOrEqual(most);
  expect(columns.length).toBeGreaterThan(most / 4);
  expect(columns.reduce((sum, { count }) => sum + count, 0)).toBe(length * 100);
  expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(length * 100);
  expect(columns.at(-1)?.toMs).toBe(length * 1_000);
  for (const [index, { toMs }] of columns.entries()) expect(columns[index + 1]?.fromMs ?? toMs).toBe(toMs);
});

it('leaves seconds empty in which nothing came back, and those that cannot be read', async () => {
  const { columns, counts } = await heatmapOf(seconds(3, { 0: null, 1: Uint8Array.of(1, 2, 3) }), 240);
  expect(columns.map(({ count }) => count)).toEqual([0, 0, 100]);
  expect(columns[0]).toMatchObject({ p50Ms: null, p99Ms: null });
  expect(counts[0]).toEqual(Array.from({ length: 40 }, () => 0));
});

it('is empty where nothing was kept', async () => {
  expect(await heatmapOf(seconds(0), 240)).toEqual({ columns: [], edgesMs: [], counts: [] });
});

it('tells percentiles as far as ten requests were slower', () => {
  const points = percentilesOf(HISTOGRAM);
  expect(points[0]).toEqual({ share: 0, ms: expect.closeTo(20, 0) as number });
  expect(points.at(-1)?.share).toBeCloseTo(0.9, 2);
  expect(percentilesOf(null)).toEqual([]);
});
