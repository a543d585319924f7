import type { Frame } from './frames.js';

/** A message that waits for one reader. */
export interface Waiting {
  seq: number;
  /** The whole frame. */
  frame: Frame;
  /** What this is the newest window of; older ones that still wait are superseded. Null for events, which are kept. */
  windowOf: string | null;
}

/** What one reader of the live feed still has to be sent. */
export interface Outbox {
  push(message: Waiting): void;
  /** The next frame, or null when none waits. */
  take(): Frame | null;
  /** True when the reader got a `gap`, took nothing since, and overflowed again: it cannot catch up. */
  readonly hopeless: boolean;
}

/** How many messages wait at most for one reader. */
const MOST_WAITING = 500;

/**
 * A bounded queue in order of `seq`. While a reader is slow, a newer window takes the place of the older one of its scenario; when there are
 * still too many, all that waits is given up for one gap. Pure: it knows neither sockets nor time.
 */
export function createOutbox(frameOfGap: (from: number, to: number) => Frame, most: number = MOST_WAITING): Outbox {
  let waiting: Waiting[] = [];
  let gap: { from: number; to: number } | null = null;
  let hopeless = false;

  return {
    push(message) {
      if (message.windowOf !== null) waiting = waiting.filter((other) => other.windowOf !== message.windowOf);
      waiting.push(message);
      if (waiting.length <= most) return;
      hopeless = gap !== null;
      gap = { from: gap?.from ?? (waiting[0] as Waiting).seq, to: message.seq };
      waiting = [];
    },
    take() {
      if (gap) {
        const frame = frameOfGap(gap.from, gap.to);
        gap = null;
        return frame;
      }
      return waiting.shift()?.frame ?? null;
    },
    get hopeless() {
      return hopeless;
    },
  };
}
