import type { FleetActions } from './actions/fleet/fleet-actions.js';
import { inviteToFleet } from './actions/fleet/invite-to-fleet.js';
import { revokeFromFleet } from './actions/fleet/revoke-from-fleet.js';
import { showFleet } from './actions/fleet/show-fleet.js';
import type { Config } from './config.js';
import type { LedFleet } from './fleet/led-fleet.js';
import { openFleet } from './fleet/open-fleet.js';
import type { Log } from './log.js';

/** Opens the fleet that the configuration names, and says how it is closed. Null: it names none, or not all of it. */
export async function openFleetOf(
  { natsUrl: url, fleetKeys: directory }: Config,
  opened: (() => Promise<void>)[],
): Promise<LedFleet | null> {
  if (url === null || directory === null) return null;
  const fleet = await openFleet({ url, directory });
  opened.push(() => fleet.close());
  return fleet;
}

/** Binds the verbs of load generators on other machines. */
export function fleetActions({ fleet, log }: { fleet: LedFleet | null; log: Log }): FleetActions {
  return {
    showFleet: showFleet(fleet),
    inviteToFleet: inviteToFleet({ fleet, log }),
    revokeFromFleet: revokeFromFleet({ fleet, log }),
  };
}
