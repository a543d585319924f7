import type { Fleet } from '@hive/contract';
import type { LedFleet } from '../../fleet/led-fleet.js';
import { demand } from '../../identity/principal.js';
import type { Verb } from '../verb.js';

/** The load generators on other machines, and how each is. */
export function showFleet(fleet: LedFleet | null): Verb<void, Fleet> {
  return async (actor) => {
    demand(actor, 'read');
    return fleet?.view() ?? { url: null, loadGenerators: [] };
  };
}
