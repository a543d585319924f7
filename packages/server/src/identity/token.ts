import { createHmac } from 'node:crypto';
import { HiveError } from '@hive/contract';
import type { Clock } from '@hive/engine';
import { bearerIn, type Identity } from './identity.js';
import { whoMayAll } from './principal.js';
import { isSame } from './secrets.js';

/** Long enough to be asked for seldom, short enough that one from an old log opens nothing. */
const TICKET_SECONDS = 600;
const TICKET = /^hive-ticket\.(?<endsAt>\d{1,12})\.(?<seal>[\w-]{43})$/;

/**
 * The mode with one token: who has it may do everything. Tickets are sealed with the token, so that every instance with the same token takes
 * them and none has to keep them.
 */
export function tokenIdentity(token: string, clock: Pick<Clock, 'wall'>): Identity {
  const bearer = whoMayAll('token', 'the bearer of HIVE_TOKEN', { type: 'token' });
  const visitor = whoMayAll('ticket', 'the bearer of a ticket', { type: 'ticket' });
  const sealOf = (endsAt: string): string =>
    createHmac('sha256', token).update(`hive-ticket.${endsAt}`).digest('base64url');
  const isTicket = (given: string): boolean => {
    const { endsAt, seal } = TICKET.exec(given)?.groups ?? {};
    if (endsAt === undefined || seal === undefined) return false;
    return isSame(seal, sealOf(endsAt)) && Number(endsAt) * 1_000 > clock.wall();
  };
  return {
    mode: async () => 'token',
    async who(shown) {
      const given = bearerIn(shown);
      if (given === null) return null;
      if (isSame(given, token)) return bearer;
      if (isTicket(given)) return visitor;
      throw new HiveError('unauthorized', 'the token is wrong');
    },
    async again({ proof }) {
      if (proof?.type === 'token') return bearer;
      return proof?.type === 'ticket' ? visitor : null;
    },
    ticketFor(actor) {
      if (actor.proof?.type === 'ticket')
        throw new HiveError('forbidden', 'a ticket cannot get another: the token itself can');
      const endsAt = String(Math.floor(clock.wall() / 1_000) + TICKET_SECONDS);
      return { ticket: `hive-ticket.${endsAt}.${sealOf(endsAt)}`, seconds: TICKET_SECONDS };
    },
  };
}
