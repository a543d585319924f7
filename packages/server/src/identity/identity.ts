import type { Mode } from '@hive/contract';
import type { Principal } from './principal.js';

/** What a request shows of its caller. */
export interface Credentials {
  /** The header Authorization. */
  authorization: string | undefined;
  /** The value of the cookie {@link SESSION_COOKIE}. */
  cookie: string | undefined;
  /** The address that the connection comes from. */
  address: string;
  /** Whether headers say that it was passed on by a proxy. */
  forwarded: boolean;
}

/** What stands for a token for a while, where it must not go itself. */
export interface Ticket {
  ticket: string;
  seconds: number;
}

/** Who is calling. */
export interface Identity {
  mode(): Promise<Mode>;
  /**
   * Who shows these; null: no one, since there is nothing that says who.
   * @throws HiveError `unauthorized` for what says who and is wrong, `forbidden` for what is refused whoever it is.
   */
  who(shown: Credentials): Promise<Principal | null>;
  /** Who somebody is now that was let in before; null: nobody any more. A live feed asks so. */
  again(actor: Principal): Promise<Principal | null>;
  /**
   * A ticket for who was let in; null: their scripts need none.
   * @throws HiveError `forbidden` for who was let in with a ticket: it ends when it says.
   */
  ticketFor(actor: Principal): Ticket | null;
}

/** The cookie of a session of the users mode. */
export const SESSION_COOKIE = 'hive_session';

/** The token of the header Authorization; null: there is none. */
export function bearerIn({ authorization }: Credentials): string | null {
  return /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? null;
}
