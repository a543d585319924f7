import { createClient, type Client } from '@hive/contract';
import { openWebSocket, type ConnectionOptions, type Socket } from './connection';

/** Where the dashboard itself keeps the token, which scripts cannot read, and gives tickets in its name. */
export const TOKEN_PATH = '/token';

/** A ticket that ends this soon is not used any more: a request needs time, too. */
const RESERVE_MS = 60_000;

/** A ticket for the API; undefined where none is needed. Throws HiveError as the client does. */
export type Tickets = () => Promise<string | undefined>;

interface Kept {
  ticket: string | undefined;
  untilMs: number;
}

/** Asks for a ticket when the one before is about to end, and for one at a time. */
export function createTickets(
  ask = () => createClient({ baseUrl: window.location.origin + TOKEN_PATH }).call('getTicket'),
  now: () => number = Date.now,
): Tickets {
  let kept: Kept | null = null;
  let asking: Promise<Kept> | null = null;
  const renew = async (): Promise<Kept> => {
    const askedAt = now();
    const { ticket, expires_in_seconds: seconds } = await ask();
    const untilMs = seconds === null ? Number.POSITIVE_INFINITY : askedAt + seconds * 1_000 - RESERVE_MS;
    return { ticket: ticket ?? undefined, untilMs };
  };
  return async () => {
    if (kept === null || kept.untilMs <= now()) {
      asking ??= renew().finally(() => (asking = null));
      kept = await asking;
    }
    return kept.ticket;
  };
}

/** A client of the API for the scripts of a page, which sends the cookie of who is signed in. */
export function createApiClient(baseUrl: string, tickets: Tickets | null = null): Client {
  return createClient({ baseUrl, credentials: 'include', ...(tickets === null ? {} : { token: tickets }) });
}

/** Opens WebSockets with a ticket as their first message: a browser sends no headers with them. */
export function openWithTicket(ask: () => Promise<string>, open = openWebSocket): ConnectionOptions['open'] {
  return (url, listener) => {
    let socket: Socket | null = null;
    let closed = false;
    const begin = (ticket: string): void => {
      if (closed) return;
      const mine = open(url, { ...listener, onOpen: () => mine.send(ticket) });
      socket = mine;
    };
    ask().then(begin, () => {
      if (!closed) listener.onClose();
    });
    return {
      send: (text) => socket?.send(text),
      close() {
        closed = true;
        socket?.close();
      },
    };
  };
}
