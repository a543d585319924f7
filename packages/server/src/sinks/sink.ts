import type { Log } from '../log.js';
import type { TrainingEvent } from '@hive/engine';

/** Where figures go beside the store. It never slows who calls it: what it cannot pass on in time it loses, and counts. */
export interface Sink {
  /** Takes an event of a session of this id, on this target. Returns at once, and never throws. */
  take(event: TrainingEvent, of: { sessionId: string; targetId: string }): void;
  /** Passes on what waits, in a few seconds at most. */
  close(): Promise<SinkTally>;
}

/** What became of the seconds that a sink took. */
export interface SinkTally {
  sent: number;
  lost: number;
  /** Why something was lost; null: nothing was. */
  trouble: string | null;
}

/** Says in the log what did not arrive. */
export function tellLost({ lost, sent, trouble }: SinkTally, log: Log): void {
  if (lost > 0) log.warn({ lost, sent, trouble }, 'seconds did not reach the collector');
}
