import type { Kind, Prediction } from '@hive/contract';
import { predict } from '@hive/engine';
import { findTarget } from './choose-target.js';
import type { Context } from './context.js';
import { learnedHistory } from './learned-history.js';

/** What a run at an intensity would show, from what was learned of the target. Throws HiveError `not_found`. */
export async function predictRun(
  context: Context,
  id: string,
  asked: { kind: Kind; intensity?: number | undefined },
): Promise<Prediction> {
  const target = await findTarget(context, id);
  return predict(target, await learnedHistory(context.store, id), asked);
}
