import { mergeHistograms } from '@hive/engine';

/** Whether these bytes are a histogram that can be merged. */
export function isHistogram(bytes: Uint8Array): boolean {
  try {
    mergeHistograms([bytes]);
    return true;
  } catch {
    return false;
  }
}

/** Merges encoded histograms. One that cannot be read is left out: it must not hide all the others. */
export function mergeReadable<Merged>(
  encoded: readonly Uint8Array[],
  merge: (encoded: readonly Uint8Array[]) => Merged,
): Merged {
  try {
    return merge(encoded);
  } catch {
    return merge(encoded.filter(isHistogram));
  }
}
