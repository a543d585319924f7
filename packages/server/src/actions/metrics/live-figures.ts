import type { Window } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Verb } from '../verb.js';

/** What is measured at this moment. */
export interface LiveFigures {
  running: boolean;
  /** Of the session that runs here; null: none does. */
  window: Window | null;
}

/** What Hive measures at this moment. */
export function liveFigures(runner: SessionRunner): Verb<void, LiveFigures> {
  return async (actor) => {
    demand(actor, 'read');
    return { running: (await runner.status()).running, window: runner.newestWindow() };
  };
}
