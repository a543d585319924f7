/** A link that moves bytes one after another at a fixed rate, in virtual time: a late timer costs no bandwidth. */
export interface Link {
  /** Sends `bytes` that are ready at `readyMs`. Returns when the last of them is through. */
  pass(bytes: number, readyMs: number): number;
}

export function createLink(bytesPerSecond: number): Link {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  return {
    pass(bytes, readyMs) {
      if (bytesPerSecond === Number.POSITIVE_INFINITY) return readyMs;
      freeAtMs = Math.max(freeAtMs, readyMs) + (bytes / bytesPerSecond) * 1_000;
      return freeAtMs;
    },
  };
}

/** One body on its way. */
export interface Transfer {
  /** When the next `bytes` are through, ms. */
  pass(bytes: number, nowMs: number): number;
}

/** How long a timer may be late without costing bandwidth. Beyond, the other side was slow, and gets nothing back. */
const LATE_MS = 50;

/**
 * Paces one body that begins at `startMs`: past its first `burstBytes` it is never ahead of `bytesPerSecond`, and it shares
 * `link` with all others. Alone, B bytes take max(0, B − burst) ÷ rate.
 */
export function createTransfer(options: {
  link: Link;
  bytesPerSecond: number;
  burstBytes: number;
  startMs: number;
}): Transfer {
  const { link, bytesPerSecond, burstBytes, startMs } = options;
  let moved = 0;
  let dueMs = startMs;
  return {
    pass(bytes, nowMs) {
      moved += bytes;
      const ownMs = startMs + (Math.max(0, moved - burstBytes) / bytesPerSecond) * 1_000;
      dueMs = Math.max(ownMs, link.pass(bytes, Math.max(dueMs, nowMs - LATE_MS)));
      return dueMs;
    },
  };
}

const SMALLEST_CHUNK = 1_460;
const LARGEST_CHUNK = 64 * 1024;
/** A chunk takes about this long: timers stay few, and bodies share a link in small turns. */
const CHUNK_MS = 5;

/** How many bytes to move between two looks at the schedule. */
export function chunkBytes(bytesPerSecond: number): number {
  return Math.floor(Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, (bytesPerSecond * CHUNK_MS) / 1_000)));
}
