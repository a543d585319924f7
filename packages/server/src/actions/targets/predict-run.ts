import type { Kind, Prediction } from '@hive/contract';
import { learnedHistory } from '../../history/learned-history.js';
import type { Learning } from '../../history/learned-limits.js';
import { remembered } from '../../history/remembered.js';
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
  /** The chances up to this one are wanted too. */
  upTo?: number | undefined;
}

/** What a run at an intensity would show, from what was learned of the target. Throws HiveError `not_found`. */
export function predictRun({
  store,
  cache,
  version,
  learner,
}: Learning & { store: Store }): Verb<PredictedRun, Prediction> {
  return async (actor, { target: id, ...asked }) => {
    demand(actor, 'read');
    const target = await findTarget(store, id);
    const { objectives } = target;
    const from = ['prediction', version, target, await store.learnedVersion(id), asked];
    return remembered(cache, from, async () => {
      const history = await learnedHistory(store, id, { objectives, kinds: [asked.kind] });
      return learner.compute('prediction', [target, history, asked]);
    });
  };
}
