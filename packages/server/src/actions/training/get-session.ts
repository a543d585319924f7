import type { ScenarioRow, SessionRow } from '@hive/contract';
import { findSession } from '../../history/find-session.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

const MOST_SCENARIOS = 500;

/** One session with its newest scenarios, as many as one answer holds, and where the others follow. Throws HiveError `not_found`. */
export function getSession(store: Store): Verb<string, SessionRow & { scenarios: ScenarioRow[]; next: string | null }> {
  return async (actor, id) => {
    demand(actor, 'read');
    const session = await findSession(store, id);
    const { rows, next } = await store.listScenarios({ session: id, limit: MOST_SCENARIOS });
    return { ...session, scenarios: rows, next };
  };
}
