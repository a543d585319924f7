import { baseSchema, isExecution, planSchema } from '@hive/contract';
import type { LearnedResult } from '@hive/engine';
import { z } from 'zod';
import type { LearnedRow, Store } from '../store/store.js';

const parametersSchema = z.object({ objectives: z.array(z.string()), base: baseSchema, plan: planSchema });

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
  const parameters = parametersSchema.safeParse(row.parameters);
  if (row.results === null || !parameters.success) return [];
  if (row.session_id !== null && isExecution(row.session_id)) return [];
  return [
    {
      sessionId: row.session_id,
      scenario: { kind: row.scenario_type, intensity: row.intensity, ...parameters.data },
      result: row.results,
      at: row.created_at,
    },
  ];
}
