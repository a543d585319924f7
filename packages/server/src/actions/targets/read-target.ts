import { toTarget, type Target, type TargetInput } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Verb } from '../verb.js';

/** What a target would be called that has no name yet. */
const UNNAMED = 'target';

/** What is read from a description of a target, every default filled in. Nothing is saved, and nothing is dialled. */
export function readTarget(): Verb<TargetInput, Target> {
  return async (actor, input) => {
    demand(actor, 'target.write');
    return toTarget(input, UNNAMED);
  };
}
