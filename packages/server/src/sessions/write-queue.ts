import { toHiveError, type HiveError } from '@hive/contract';
import type { Clock } from '@hive/engine';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** What waits at most that is only for the eye; beyond it the oldest goes. */
const MOST_LIVE_WAITING = 40;

/** `again`: it was tried before, and may have gone through with its answer lost. */
export type Write = (again: boolean) => Promise<void>;

interface WriteQueueOptions {
  clock: Clock;
  /** The database does not answer: what is written waits until it does. */
  onAway(error: HiveError): void;
  /** It answers again, and a write that waited is done. */
  onBack(): void;
  /** A write was refused: trying again would not help. What waited behind it is dropped. */
  onRefused(error: unknown): void;
}

/** Writes one after the other, in the order in which they came; the first that finds the database away holds the others up until it is back. */
export interface WriteQueue {
  /** `live`: only for the eye, superseded when too many wait. */
  push(write: Write, more?: { live: boolean }): void;
  /** True while the database does not answer. */
  readonly away: boolean;
  /** How many wait, without what is only for the eye. */
  readonly waiting: number;
  /** Nothing waits, and nothing is under way. */
  readonly idle: boolean;
  /** Resolves when nothing waits any more, whatever became of it. Never rejects. */
  settled(): Promise<void>;
  /** Tries no more, and waits for nothing under way. */
  giveUp(): void;
}

export function createWriteQueue({ clock, onAway, onBack, onRefused }: WriteQueueOptions): WriteQueue {
  const queue: { live: boolean; write: Write }[] = [];
  const over = new AbortController();
  const givenUp = new Promise<void>((resolve) => {
    over.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let working: Promise<void> | null = null;
  let tries = 0;

  async function work(): Promise<void> {
    // Begins in a later turn, so that a burst of rows becomes one batch.
    await Promise.resolve();
    for (let job = queue[0]; job && !over.signal.aborted; job = queue[0]) {
      try {
        await job.write(tries > 0);
        queue.shift();
        if (tries > 0) onBack();
        tries = 0;
      } catch (thrown) {
        if (over.signal.aborted) return;
        const error = toHiveError(thrown);
        if (error.code === 'database_unreachable') {
          tries += 1;
          if (tries === 1) onAway(error);
          await clock.sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)), over.signal);
        } else {
          queue.length = 0;
          tries = 0;
          onRefused(thrown);
        }
      }
    }
  }

  function makeRoom(): void {
    const live = queue.filter((job) => job.live).length;
    // The first may be under way.
    const oldest = queue.findIndex((job, index) => job.live && index > 0);
    if (live >= MOST_LIVE_WAITING && oldest > 0) queue.splice(oldest, 1);
  }

  return {
    push(write, { live } = { live: false }) {
      if (over.signal.aborted) return;
      if (live) makeRoom();
      queue.push({ live, write });
      working ??= work().finally(() => (working = null));
    },
    get away() {
      return tries > 0;
    },
    get waiting() {
      return queue.filter((job) => !job.live).length;
    },
    get idle() {
      return queue.length === 0 || over.signal.aborted;
    },
    async settled() {
      for (let current = working; current !== null && !over.signal.aborted; current = working) {
        await Promise.race([current, givenUp]);
      }
    },
    giveUp() {
      over.abort();
    },
  };
}
