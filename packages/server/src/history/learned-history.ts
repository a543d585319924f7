import { isExecution } from '@hive/contract';
import type { LearnedResult } from '@hive/engine';
import type { LearnedRow, Store } from '../store/store.js';

/**
 * What was learned of a target before, oldest first. Scenarios executed one by one are left out: what they tried was not chosen to tell
 * where the limit is.
 */
export async function learnedHistory(store: Store, target: string): Promise<LearnedResult[]> {
  return learnedFrom(await store.listLearned(target));
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
