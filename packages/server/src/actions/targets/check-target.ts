import { toTarget, type CheckedTarget, type TargetInput } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { checkTarget, type Checking } from '../../targets/check-target.js';
import { findTarget } from '../../targets/find-target.js';
import { checkSavable } from '../../targets/keep-target.js';
import type { Verb } from '../verb.js';

/** Asks a service that is not saved yet. Throws HiveError `refused_by_safety`, `validation`. */
export function checkInput(checking: Checking): Verb<{ target: TargetInput; writes: boolean }, CheckedTarget> {
  return async (actor, { target, writes }) => {
    demand(actor, 'target.write');
    const described = toTarget(target, 'target');
    await checkSavable(described, checking.allowTargets);
    return checkTarget(described, { ...checking, writes });
  };
}

/** Asks a saved target. Throws HiveError `not_found`, `refused_by_safety`, `validation`. */
export function checkStored(parts: {
  store: Store;
  checking: Checking;
}): Verb<{ id: string; writes: boolean }, CheckedTarget> {
  const { store, checking } = parts;
  return async (actor, { id, writes }) => {
    demand(actor, 'run');
    return checkTarget(await findTarget(store, id), { ...checking, writes });
  };
}
