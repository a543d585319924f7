import type { Kind, Target } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';

/** A session that the calling process runs itself, to be kept here or sent to where it is. */
export interface OwnSession {
  sessionId: string;
  target: Target;
  kinds: Kind[];
  /** Null: until its events end. */
  budgetSeconds: number | null;
  /** Stops it. */
  signal: AbortSignal;
  events(signal: AbortSignal): AsyncGenerator<TrainingEvent>;
}
