import type { Latency } from '@hive/contract';
import { addEncoded } from './histogram-decoding.js';
import { createHistogram, eachValue, quantileUs, rangeAt, type Histogram } from './histogram.js';

const NOTHING: Latency = { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 };

/** Summarises one histogram of µs in ms. */
export function toLatency(histogram: Histogram): Latency {
  if (histogram.total === 0) return { ...NOTHING };
  const at = (quantile: number): number => quantileUs(histogram, quantile) / 1_000;
  let min = 0;
  while (histogram.counts[min] === 0) min += 1;
  return {
    count: histogram.total,
    min: rangeAt(min).low / 1_000,
    mean: meanUs(histogram) / 1_000,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: rangeAt(histogram.end - 1).high / 1_000,
  };
}

/** Merges encoded histograms and summarises the whole. Percentiles are those of all values together, never of percentiles. */
export function mergeLatency(encoded: readonly Uint8Array[]): Latency {
  return toLatency(decodeAll(encoded));
}

/** The latency in ms that the share `quantile` (0–1) of the values in an encoded histogram does not exceed. */
export function quantileMs(encoded: Uint8Array, quantile: number): number {
  return quantileUs(decodeAll([encoded]), quantile) / 1_000;
}

/** Time spent beyond `latencyMs` by all values of an encoded histogram together, ms: Σ max(0, value − latency). */
export function timeBeyondMs(encoded: Uint8Array, latencyMs: number): number {
  let sumUs = 0;
  eachValue(decodeAll([encoded]), (valueUs, count) => {
    if (valueUs > latencyMs * 1_000) sumUs += (valueUs - latencyMs * 1_000) * count;
  });
  return sumUs / 1_000;
}

function decodeAll(encoded: readonly Uint8Array[]): Histogram {
  const merged = createHistogram();
  for (const one of encoded) addEncoded(merged, one);
  return merged;
}

function meanUs(histogram: Histogram): number {
  let sumUs = 0;
  eachValue(histogram, (valueUs, count) => {
    sumUs += valueUs * count;
  });
  return sumUs / histogram.total;
}
