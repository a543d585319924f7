import type { PeopleTable } from '../store/store.js';
import type { Identity, Ticket } from './identity.js';
import { NOBODY, type Principal, type Proof } from './principal.js';
import { hashOf, newSecret } from './secrets.js';

const PURPOSE = 'live';
/** Enough to open a connection, and to find an instance that answers. */
const TICKET_SECONDS = 30;

/** Tickets for the live feed: a browser sends no headers with a WebSocket, and addresses end up in logs. */
export interface LiveTickets {
  /** A ticket for who was let in: good once, at every instance. */
  issue(actor: Principal): Promise<Ticket>;
  /** Whose it is now; null: it is wrong, was used, is too old, or its owner may do nothing any more. */
  redeem(ticket: string): Promise<Principal | null>;
}

/** Tickets that are kept in the store as hashes. */
export function createLiveTickets(parts: {
  people: Pick<PeopleTable, 'putOnce' | 'takeOnce'>;
  identity: Pick<Identity, 'again'>;
  /** Wall clock, ms since 1970. */
  now: () => number;
}): LiveTickets {
  const { people, identity, now } = parts;
  return {
    async issue({ proof }) {
      const ticket = `hive-live.${newSecret()}`;
      const expiresAt = new Date(now() + TICKET_SECONDS * 1_000);
      await people.putOnce({ hash: hashOf(ticket), purpose: PURPOSE, data: { proof }, expiresAt });
      return { ticket, seconds: TICKET_SECONDS };
    },
    async redeem(ticket) {
      const kept = await people.takeOnce(hashOf(ticket), { purpose: PURPOSE, now: new Date(now()) });
      return kept === null ? null : identity.again({ ...NOBODY, proof: kept['proof'] as Proof });
    },
  };
}
