import { HiveError, toTarget, type SavedTarget, type TargetInput } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { warningsOnSaving, type Checking } from '../../targets/check-target.js';
import { keepTarget, type TargetPlace } from '../../targets/keep-target.js';
import type { Verb } from '../verb.js';

/**
 * Keeps a new target, and warns when it does not answer as it should. Without an id it is named after its address.
 * Throws HiveError `conflict` when the id is taken, `refused_by_safety` for an address that may not be dialled.
 */
export function createTarget(place: TargetPlace, checking: Checking): Verb<TargetInput, SavedTarget> {
  return async (actor, input) => {
    demand(actor, 'target.write');
    const taken = new Set((await place.store.listTargets()).map((target) => target.id));
    if (input.id !== undefined && taken.has(input.id)) {
      throw new HiveError('conflict', `a target with the id '${input.id}' already exists`, {
        hint: `change it with PUT /api/targets/${input.id}, or choose another id`,
      });
    }
    const target = await keepTarget(place, toTarget(input, freeName(addressName(input), taken)));
    return { ...target, warnings: await warningsOnSaving(target, checking) };
  };
}

function addressName(input: TargetInput): string {
  const [node] = input.nodes ?? [];
  const { hostname, port } = new URL(input.url ?? (node?.url as string));
  const name = (node?.socket ?? `${hostname}${port === '' ? '' : `-${port}`}`).replaceAll(/[^a-z0-9._]+/gi, '-');
  return name.replace(/^[^a-z0-9]+/i, '').slice(0, 55) || 'target';
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}
