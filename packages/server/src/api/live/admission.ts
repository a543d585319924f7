import type { WebSocket } from '@fastify/websocket';
import { HiveError } from '@hive/contract';
import type { FastifyRequest } from 'fastify';
import type { LiveTickets } from '../../identity/live-tickets.js';
import type { Principal } from '../../identity/principal.js';
import type { OnRefused } from '../access.js';
import { asText } from './texts.js';

const TICKET_MS = 5_000;
/** Who is not known yet holds a connection: more at once are sent away. */
const MOST_WAITING = 100;
export const NOT_LET_IN = 4401;
const TRY_AGAIN_LATER = 1013;

interface Admitting {
  liveTickets: Pick<LiveTickets, 'redeem'>;
  onRefused: OnRefused;
  /** How long an open connection may be without its ticket. Default: 5 s. */
  ticketMs?: number | undefined;
}

/** Who follows the feed: whoever the request showed, else the owner of the ticket in the first message. Null: the connection is closed. */
export function createAdmission({ liveTickets, onRefused, ticketMs = TICKET_MS }: Admitting) {
  let waiting = 0;
  const redeem = async (text: string | null): Promise<Principal> => {
    const actor = text === null ? null : await liveTickets.redeem(text);
    if (actor !== null) return actor;
    const problem =
      text === null ? `no ticket came within ${ticketMs / 1_000} s` : 'the ticket is wrong, used or too old';
    throw new HiveError('unauthorized', problem, {
      hint: 'send the ticket of POST /api/live/ticket as the first message, or the header Authorization',
    });
  };
  return async (socket: WebSocket, { actor, log }: FastifyRequest): Promise<Principal | null> => {
    if (actor.proof?.type !== 'nothing') return actor;
    if (waiting >= MOST_WAITING) {
      socket.close(TRY_AGAIN_LATER, 'too many connections without a ticket');
      return null;
    }
    waiting += 1;
    try {
      const found = await redeem(await firstText(socket, ticketMs));
      return { ...found, ...(actor.origin && { origin: actor.origin }) };
    } catch (error) {
      if (!(error instanceof HiveError)) log.warn({ err: error }, 'a ticket for the live feed could not be looked up');
      else if (actor.origin) onRefused({ request: 'GET /ws/metrics', origin: actor.origin, error });
      socket.close(NOT_LET_IN, error instanceof HiveError ? error.message : 'try again');
      return null;
    } finally {
      waiting -= 1;
    }
  };
}

/** The first message; null: none came in time, or it was no text. */
function firstText(socket: WebSocket, limitMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), limitMs);
    const end = (text: string | null): void => {
      clearTimeout(timer);
      resolve(text);
    };
    socket.once('message', (data, isBinary) => end(isBinary ? null : asText(data)));
    socket.once('close', () => end(null));
  });
}
