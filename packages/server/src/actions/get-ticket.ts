import type { Identity, Ticket } from '../identity/identity.js';
import { demand } from '../identity/principal.js';
import type { Verb } from './verb.js';

/** A ticket for who asks; null where no token is needed. Throws HiveError `forbidden` for who shows a ticket. */
export function getTicket(identity: Identity): Verb<void, Ticket | null> {
  return async (actor) => {
    demand(actor, 'read');
    return identity.ticketFor(actor);
  };
}
