import { demand } from '../../identity/principal.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Verb } from '../verb.js';

/** Stops everything that sends load, here and on every instance, and resolves when what runs here is over. Nothing running is no fault. */
export function stopAll(runner: SessionRunner): Verb<void, void> {
  return async (actor) => {
    demand(actor, 'run');
    await runner.stopAll();
  };
}
