import type { HistogramReading } from '@hive/engine';

/** A base-2 exponential histogram of OpenTelemetry, in seconds. */
export interface ExponentialBuckets {
  count: number;
  sum: number;
  min: number;
  max: number;
  scale: number;
  zeroCount: number;
  positive: { offset: number; bucketCounts: number[] };
  negative: { offset: number; bucketCounts: number[] };
}

/** Buckets whose ends are 2.2 % apart: 2^(2^−5). */
const SCALE = 5;
const PER_OCTAVE = 2 ** SCALE;
const MS = 1_000;

/**
 * A whole histogram as an exponential one: bucket i holds what is above base^i and at most base^(i + 1), base = 2^(2^−scale). (OpenTelemetry metrics data
 * model, ExponentialHistogram.)
 */
export function exponential(reading: HistogramReading): ExponentialBuckets {
  const counts = new Map<number, number>();
  let [sum, zeroCount, min, max] = [0, 0, Infinity, 0];
  reading.each((valueMs, count) => {
    const value = valueMs / MS;
    sum += value * count;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (value <= 0) zeroCount += count;
    else {
      const index = Math.ceil(Math.log2(value) * PER_OCTAVE) - 1;
      counts.set(index, (counts.get(index) ?? 0) + count);
    }
  });
  const indexes = [...counts.keys()];
  const offset = indexes.length === 0 ? 0 : Math.min(...indexes);
  const length = indexes.length === 0 ? 0 : Math.max(...indexes) - offset + 1;
  const bucketCounts = Array.from({ length }, (_, i) => counts.get(offset + i) ?? 0);
  const negative = { offset: 0, bucketCounts: [] };
  const ends = { min: reading.total === 0 ? 0 : min, max };
  return { count: reading.total, sum, ...ends, scale: SCALE, zeroCount, positive: { offset, bucketCounts }, negative };
}
