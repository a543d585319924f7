/** So much of a second's requests may come at once. */
const BURST_MS = 10;

/**
 * Spaces requests so that no more than `perSecond` are sent, with room for bursts of 10 ms: the generic cell rate algorithm (ITU-T I.371).
 * What it returns is called once for each request, with when that could start, and says when it may (both in ms).
 */
export function rateCap(perSecond: number): (readyMs: number) => number {
  if (perSecond === Infinity) return (readyMs) => readyMs;
  const intervalMs = 1_000 / perSecond;
  let nextMs = -Infinity;
  return (readyMs) => {
    const startMs = Math.max(readyMs, nextMs - BURST_MS);
    nextMs = Math.max(nextMs, startMs) + intervalMs;
    return startMs;
  };
}
