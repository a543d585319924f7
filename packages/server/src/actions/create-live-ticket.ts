import type { Ticket } from '../identity/identity.js';
import type { LiveTickets } from '../identity/live-tickets.js';
import { demand } from '../identity/principal.js';
import type { Verb } from './verb.js';

/** A ticket with which who asks may open the live feed once. */
export function createLiveTicket(tickets: Pick<LiveTickets, 'issue'>): Verb<void, Ticket> {
  return async (actor) => {
    demand(actor, 'read');
    return tickets.issue(actor);
  };
}
