import type { TrainingStatus } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Verb } from '../verb.js';

/** What is being done now. */
export function trainingStatus(runner: SessionRunner): Verb<void, TrainingStatus> {
  return async (actor) => {
    demand(actor, 'read');
    return runner.status();
  };
}
