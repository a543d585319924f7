import type { Invitation, RouteParsed } from '@hive/contract';
import { ledFleet, type LedFleet } from '../../fleet/led-fleet.js';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { Verb } from '../verb.js';

/** Invites a load generator. Throws HiveError `conflict` where the name is taken, or this Hive leads no fleet. */
export function inviteToFleet(parts: {
  fleet: LedFleet | null;
  log: Log;
}): Verb<RouteParsed<'inviteToFleet'>['body'], Invitation> {
  return async (actor, { name, region }) => {
    demand(actor, 'fleet.write');
    const invitation = await ledFleet(parts.fleet).invite({ name, region: region ?? null });
    parts.log.info({ name, region: region ?? null, who: actor.id }, 'load generator invited');
    return invitation;
  };
}
