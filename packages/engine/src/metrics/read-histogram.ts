import { addEncoded } from './histogram-decoding.js';
import { createHistogram, quantileUs } from './histogram.js';

/** What an encoded histogram says. */
export interface HistogramReading {
  /** Recorded values. */
  total: number;
  /** The value, ms, that the share `quantile` (0–1) of all recorded does not exceed; 0 when empty. */
  quantileMs(quantile: number): number;
}

/**
 * Reads one encoded histogram (HdrHistogram V2, µs).
 * @throws HiveError `internal` when the bytes are no such histogram.
 */
export function readHistogram(encoded: Uint8Array): HistogramReading {
  const histogram = createHistogram();
  addEncoded(histogram, encoded);
  return { total: histogram.total, quantileMs: (quantile) => quantileUs(histogram, quantile) / 1_000 };
}
