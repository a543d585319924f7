import type { Target } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import type { AskedSession } from './session-progress.js';

/** A session that the calling process runs itself, to be kept here or sent to where it is. */
export interface OwnSession extends Omit<AskedSession, 'targetId'> {
  target: Target;
  /** Stops it. */
  signal: AbortSignal;
  events(signal: AbortSignal): AsyncGenerator<TrainingEvent>;
}
