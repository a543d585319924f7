import type { Latency } from '@hive/contract';
import { addEncoded } from './histogram-decoding.js';
import {
  clearHistogram,
  createHistogram,
  eachValue,
  encodeHistogram,
  quantileUs,
  rangeAt,
  rankOf,
  type Histogram,
} from './histogram.js';

const NOTHING: Latency = { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 };

/** The percentiles of a summary. */
const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999];

/** Summarises one histogram of µs in ms. */
export function toLatency(histogram: Histogram): Latency {
  const { total, counts, end } = histogram;
  if (total === 0) return { ...NOTHING };
  const wanted = QUANTILES.map((quantile) => rankOf(total, quantile));
  const found: number[] = [];
  let lowest = -1;
  let sumUs = 0;
  let seen = 0;
  for (let index = 0; index < end; index++) {
    const count = counts[index]!;
    if (count === 0) continue;
    const { low, high } = rangeAt(index);
    if (lowest < 0) lowest = low;
    sumUs += ((low + high) / 2) * count;
    seen += count;
    while (found.length < wanted.length && seen >= wanted[found.length]!) found.push(high / 1_000);
  }
  const [p50, p90, p95, p99, p999] = found as [number, number, number, number, number];
  const max = rangeAt(end - 1).high / 1_000;
  return { count: total, min: lowest / 1_000, mean: sumUs / total / 1_000, p50, p90, p95, p99, p999, max };
}

/** Merges encoded histograms and summarises the whole. Percentiles are those of all values together, never of percentiles. */
export function mergeLatency(encoded: readonly Uint8Array[]): Latency {
  return reading(encoded, toLatency);
}

/** Encoded histograms as one, encoded to be kept. Null: nothing was recorded. */
export function mergeHistograms(encoded: readonly Uint8Array[]): Uint8Array | null {
  return reading(encoded, encodeHistogram);
}

/** The latency in ms that the share `quantile` (0–1) of the values in an encoded histogram does not exceed. */
export function quantileMs(encoded: Uint8Array, quantile: number): number {
  return reading([encoded], (histogram) => quantileUs(histogram, quantile)) / 1_000;
}

/** Time spent beyond `latencyMs` by all values of an encoded histogram together, ms: Σ max(0, value − latency). */
export function timeBeyondMs(encoded: Uint8Array, latencyMs: number): number {
  let sumUs = 0;
  reading([encoded], (histogram) =>
    eachValue(histogram, (valueUs, count) => {
      if (valueUs > latencyMs * 1_000) sumUs += (valueUs - latencyMs * 1_000) * count;
    }),
  );
  return sumUs / 1_000;
}

/** Used for all that is only read: a histogram is large, and most of what is read has few values. */
const read = createHistogram();

function reading<Result>(encoded: readonly Uint8Array[], look: (histogram: Histogram) => Result): Result {
  try {
    for (const one of encoded) addEncoded(read, one);
    return look(read);
  } finally {
    clearHistogram(read);
  }
}
