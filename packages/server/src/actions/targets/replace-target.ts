import { HiveError, toTarget, type Target, type TargetInput } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findTarget } from '../../targets/find-target.js';
import { keepTarget, type TargetPlace } from '../../targets/keep-target.js';
import type { Verb } from '../verb.js';

/**
 * Describes an existing target anew.
 * Throws HiveError `not_found`, `validation` when the body names another id, `refused_by_safety`.
 */
export function replaceTarget(place: TargetPlace): Verb<{ id: string; target: TargetInput }, Target> {
  return async (actor, { id, target: input }) => {
    demand(actor, 'target.write');
    await findTarget(place.store, id);
    if (input.id !== undefined && input.id !== id) {
      throw new HiveError('validation', `id: the body says '${input.id}', the path says '${id}'`, {
        hint: 'leave id out of the body, or make them equal',
        details: { problems: [{ field: 'id', message: 'differs from the path' }] },
      });
    }
    return keepTarget(place, toTarget(input, id));
  };
}
