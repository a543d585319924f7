import type { Limit } from '@hive/contract';
import { learnLimits } from '@hive/engine';
import { findTarget } from './choose-target.js';
import type { Context } from './context.js';
import { learnedHistory } from './learned-history.js';

/** What has been learned about a target: a fold over its stored results. Throws HiveError `not_found`. */
export async function targetLimits(context: Context, id: string): Promise<Limit[]> {
  const target = await findTarget(context, id);
  return learnLimits(target, await learnedHistory(context.store, id));
}
