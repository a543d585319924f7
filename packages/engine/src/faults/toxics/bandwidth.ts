import { toxic } from '../toxic.js';

/** A long chunk leaves in pieces of this much time, so that the rate is even and not a burst each second. */
const PIECE_MS = 20;
const LEAST_PIECE_BYTES = 256;
/** A gap up to this long is a late timer or a late read and is made up for; a longer one is an idle link. */
const GAP_MS = 40;
/** What is held covers this much time, so that refilling the queue never starves a fast link. */
const HELD_MS = 100;

/** Passes at most `rate` KB/s (1 KB = 1,000 bytes). At 0 nothing passes, nothing is lost and the sender is held back. */
export const bandwidth = toxic({
  type: 'bandwidth',
  attributes: { rate: 0 },
  create({ rate }) {
    // 1 KB/s is one byte a millisecond.
    const bytesPerMs = Math.max(0, rate);
    const pieceBytes = Math.max(LEAST_PIECE_BYTES, bytesPerMs * PIECE_MS);
    return (outlet) => {
      let lastMs = -Infinity;
      return {
        capacityBytes: Math.max(64 * 1024, bytesPerMs * HELD_MS),
        data(chunk) {
          const nowMs = outlet.now();
          if (nowMs - lastMs > GAP_MS) lastMs = nowMs;
          for (let from = 0; from < chunk.length; from += pieceBytes) {
            const piece = chunk.subarray(from, from + pieceBytes);
            lastMs += piece.length / bytesPerMs;
            outlet.push(piece, lastMs);
          }
        },
      };
    };
  },
});
