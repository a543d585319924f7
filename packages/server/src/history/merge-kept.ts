import type { Latency } from '@hive/contract';
import { mergeLatency } from '@hive/engine';

/** Merges kept histograms. One that cannot be read is left out: it must not hide all the others. */
export function mergeKept(encoded: readonly Uint8Array[]): Latency {
  try {
    return mergeLatency(encoded);
  } catch {
    return mergeLatency(encoded.filter(isHistogram));
  }
}

/** Whether these bytes are a histogram that can be merged. */
export function isHistogram(bytes: Uint8Array): boolean {
  try {
    mergeLatency([bytes]);
    return true;
  } catch {
    return false;
  }
}
