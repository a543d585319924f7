import { joinConsecutive, type Tick } from '@hive/engine';
import { encodeFrame, type TickFrame } from '../wire/tick-frames.js';

/** Frames under way that the hub has not confirmed; what comes beyond them is merged. */
const MOST_UNCONFIRMED = 16;

/** The ticks of one run until the hub has heard them. It never grows beyond a few, and no count is lost. */
export interface Outbox {
  push(tick: Tick): void;
  /** The hub has this frame, and all before it. */
  confirm(seq: number): void;
  /** Sends again what was not confirmed. */
  resend(): void;
  /** Everything arrived. */
  isEmpty(): boolean;
}

export function createOutbox(from: Omit<TickFrame, 'seq' | 'tick'>, publish: (frame: Uint8Array) => void): Outbox {
  const unconfirmed = new Map<number, Uint8Array>();
  let waiting: Tick | null = null;
  let seq = 0;

  function send(tick: Tick): void {
    seq += 1;
    const frame = encodeFrame({ ...from, seq, tick });
    unconfirmed.set(seq, frame);
    publish(frame);
  }

  return {
    push(tick) {
      if (unconfirmed.size < MOST_UNCONFIRMED) return send(tick);
      waiting = waiting === null ? tick : joinConsecutive(waiting, tick);
    },
    confirm(heard) {
      for (const sent of unconfirmed.keys()) if (sent <= heard) unconfirmed.delete(sent);
      if (waiting === null || unconfirmed.size >= MOST_UNCONFIRMED) return;
      const tick = waiting;
      waiting = null;
      send(tick);
    },
    resend() {
      for (const frame of unconfirmed.values()) publish(frame);
    },
    isEmpty: () => unconfirmed.size === 0 && waiting === null,
  };
}
