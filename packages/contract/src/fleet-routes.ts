import { z } from 'zod';
import { fleetSchema, invitationInputSchema, invitationSchema } from './fleet.js';
import type { Route } from './route.js';

/** Routes of load generators on other machines. */
export const FLEET_ROUTES = {
  fleet: {
    method: 'GET',
    path: '/api/fleet',
    summary: 'List the load generators on other machines, and how each is',
    permission: 'read',
    status: 200,
    output: fleetSchema,
  },
  inviteToFleet: {
    method: 'POST',
    path: '/api/fleet/invite',
    summary: 'Invite a load generator; the join string is a secret, good once within 15 minutes',
    permission: 'fleet.write',
    status: 201,
    body: invitationInputSchema,
    output: invitationSchema,
  },
  revokeFromFleet: {
    method: 'POST',
    path: '/api/fleet/{name}/revoke',
    summary: 'End the membership of a load generator, or an invitation',
    permission: 'fleet.write',
    status: 200,
    params: z.object({ name: z.string() }),
    output: z.object({ revoked: z.string() }),
  },
} as const satisfies Record<string, Route>;
