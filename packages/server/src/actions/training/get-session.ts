import type { ScenarioRow, SessionRow } from '@hive/contract';
import { findSession } from '../../history/find-session.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

const PAGE = 500;

/** One session with all its scenarios, newest first. Throws HiveError `not_found`. */
export function getSession(store: Store): Verb<string, SessionRow & { scenarios: ScenarioRow[] }> {
  return async (actor, id) => {
    demand(actor, 'read');
    const session = await findSession(store, id);
    const scenarios: ScenarioRow[] = [];
    let after: string | undefined;
    do {
      const page = await store.listScenarios({ session: id, limit: PAGE, after });
      scenarios.push(...page.rows);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return { ...session, scenarios };
  };
}
