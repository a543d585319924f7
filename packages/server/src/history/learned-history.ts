import { isExecution, KINDS, type Kind } from '@hive/contract';
import type { LearnedResult } from '@hive/engine';
import type { LearnedRow, Store } from '../store/store.js';

/**
 * Results that are looked at: forty can count, and whole sessions of them. Where these are all of one session, or were made beside
 * several base loads, more are read.
 */
const FIRST = 64;
const MOST = 200;
const SAME_LOAD = 1.1;

/**
 * What was learned of a target before and can still count, oldest first: with `objectives`, only under these. Scenarios executed one by one
 * are left out.
 */
export async function learnedHistory(
  store: Pick<Store, 'listLearned'>,
  target: string,
  { objectives, kinds = KINDS }: { objectives?: readonly string[]; kinds?: readonly Kind[] } = {},
): Promise<LearnedResult[]> {
  const results: LearnedResult[] = [];
  for (const kind of kinds) {
    const first = await store.listLearned({ target, kind, objectives, limit: FIRST });
    const all = first.length === FIRST && !settles(first);
    results.push(...learnedFrom(all ? await store.listLearned({ target, kind, objectives, limit: MOST }) : first));
  }
  return results.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

/** Whether no earlier row can count: at least one whole session, all beside about the same load. */
function settles(rows: readonly LearnedRow[]): boolean {
  const loads = rows.map(({ parameters }) => parameters.base.ratePerSecond);
  const sessions = new Set(rows.map(({ session_id }) => session_id));
  return sessions.size > 1 && Math.max(...loads) <= SAME_LOAD * Math.min(...loads);
}

/** The same from the rows of executed scenarios, in their order. */
export function learnedFrom(rows: readonly LearnedRow[]): LearnedResult[] {
  return rows.flatMap(toLearned);
}

function toLearned(row: LearnedRow): LearnedResult[] {
  if (row.results === null || (row.session_id !== null && isExecution(row.session_id))) return [];
  const { objectives, base, plan } = row.parameters;
  return [
    {
      sessionId: row.session_id,
      scenario: { kind: row.scenario_type, intensity: row.intensity, objectives, base, plan },
      result: row.results,
      at: row.created_at,
    },
  ];
}
