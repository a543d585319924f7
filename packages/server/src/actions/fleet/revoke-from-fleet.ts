import { ledFleet, type LedFleet } from '../../fleet/led-fleet.js';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { Verb } from '../verb.js';

/** Ends the membership of a load generator. Throws HiveError `not_found`, `conflict` where this Hive leads no fleet. */
export function revokeFromFleet(parts: { fleet: LedFleet | null; log: Log }): Verb<string, void> {
  return async (actor, name) => {
    demand(actor, 'fleet.write');
    await ledFleet(parts.fleet).revoke(name);
    parts.log.info({ name, who: actor.id }, 'load generator revoked');
  };
}
