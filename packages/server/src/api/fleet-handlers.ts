import type { RouteName, RouteOutput, RouteParsed } from '@hive/contract';
import type { Actions } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';

type FleetRoute = Extract<RouteName, 'fleet' | 'inviteToFleet' | 'revokeFromFleet'>;

/** What the routes of load generators do. */
export const fleetHandlers: {
  [Name in FleetRoute]: (actions: Actions, actor: Principal, input: RouteParsed<Name>) => Promise<RouteOutput<Name>>;
} = {
  fleet: ({ showFleet }, actor) => showFleet(actor),
  inviteToFleet: ({ inviteToFleet }, actor, { body }) => inviteToFleet(actor, body),
  async revokeFromFleet({ revokeFromFleet }, actor, { params }) {
    await revokeFromFleet(actor, params.name);
    return { revoked: params.name };
  },
};
