import type { Latency } from '@hive/contract';
import { mergeLatency } from '@hive/engine';
import { mergeReadable } from '../readable-histograms.js';

/** What kept histograms say together. */
export function mergeKept(encoded: readonly Uint8Array[]): Latency {
  return mergeReadable(encoded, mergeLatency);
}
