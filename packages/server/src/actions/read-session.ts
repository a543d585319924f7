import { HiveError, type ScenarioRow, type SessionRow } from '@hive/contract';
import type { Context } from './context.js';

const PAGE = 500;

/** One session with all its scenarios, newest first. Throws HiveError `not_found`. */
export async function readSession(context: Context, id: string): Promise<SessionRow & { scenarios: ScenarioRow[] }> {
  const session = await findSession(context, id);
  const scenarios: ScenarioRow[] = [];
  let after: string | undefined;
  do {
    const page = await context.store.listScenarios({ session: id, limit: PAGE, after });
    scenarios.push(...page.rows);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return { ...session, scenarios };
}

/** @throws HiveError `not_found`. */
export async function findSession({ store }: Context, id: string): Promise<SessionRow> {
  const session = await store.getSession(id);
  if (session === null) {
    throw new HiveError('not_found', `no session has the id '${id}'`, { hint: 'see GET /api/sessions' });
  }
  return session;
}
