import { addEncoded } from './histogram-decoding.js';
import { createHistogram, eachValue, quantileUs } from './histogram.js';

/** What an encoded histogram says. */
export interface HistogramReading {
  /** Recorded values. */
  total: number;
  /** The value, ms, that the share `quantile` (0–1) of all recorded does not exceed; 0 when empty. */
  quantileMs(quantile: number): number;
  /** Calls `visit` with the middle, ms, of each range that holds something, lowest first. */
  each(visit: (valueMs: number, count: number) => void): void;
}

/**
 * Reads one encoded histogram (HdrHistogram V2, µs).
 * @throws HiveError `internal` when the bytes are no such histogram.
 */
export function readHistogram(encoded: Uint8Array): HistogramReading {
  const histogram = createHistogram();
  addEncoded(histogram, encoded);
  return {
    total: histogram.total,
    quantileMs: (quantile) => quantileUs(histogram, quantile) / 1_000,
    each: (visit) => eachValue(histogram, (valueUs, count) => visit(valueUs / 1_000, count)),
  };
}
