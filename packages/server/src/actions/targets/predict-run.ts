import type { Kind, Prediction } from '@hive/contract';
import { predict } from '@hive/engine';
import { learnedHistory } from '../../history/learned-history.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** A run to be predicted. */
export interface PredictedRun {
  target: string;
  kind: Kind;
  /** Absent: the safe one. */
  intensity?: number | undefined;
}

/** What a run at an intensity would show, from what was learned of the target. Throws HiveError `not_found`. */
export function predictRun(store: Store): Verb<PredictedRun, Prediction> {
  return async (actor, { target: id, ...asked }) => {
    demand(actor, 'read');
    const target = await findTarget(store, id);
    const { objectives } = target;
    return predict(target, await learnedHistory(store, id, { objectives, kinds: [asked.kind] }), asked);
  };
}
