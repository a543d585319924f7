import { HiveError, toTarget, type SavedTarget, type TargetInput } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import { warningsOnSaving, type Checking } from '../../targets/check-target.js';
import { findTarget } from '../../targets/find-target.js';
import { keepTarget, type TargetPlace } from '../../targets/keep-target.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';

/**
 * Describes an existing target anew, and warns when it does not answer as it should.
 * Throws HiveError `not_found`, `validation` when the body names another id, `refused_by_safety`, `conflict` where a file describes it.
 */
export function replaceTarget(
  place: TargetPlace,
  { runner, checking }: { runner: SessionRunner; checking: Checking },
): Verb<{ id: string; target: TargetInput }, SavedTarget> {
  return async (actor, { id, target: input }) => {
    demand(actor, 'target.write');
    spareFiles(actor, 'target', await findTarget(place.store, id));
    if (input.id !== undefined && input.id !== id) {
      throw new HiveError('validation', `id: the body says '${input.id}', the path says '${id}'`, {
        hint: 'leave id out of the body, or make them equal',
        details: { problems: [{ field: 'id', message: 'differs from the path' }] },
      });
    }
    const target = await keepTarget(place, toTarget(input, id));
    const { running, target: measured } = await runner.status();
    // What is being measured is not disturbed.
    const warnings = running && measured === id ? [] : await warningsOnSaving(target, checking);
    return { ...target, warnings };
  };
}
