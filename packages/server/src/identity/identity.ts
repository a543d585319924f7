import type { Principal } from './principal.js';

/** What a request shows of its caller. */
export interface Credentials {
  /** The header Authorization. */
  authorization: string | undefined;
  /** A token in the query, where a route takes one: a browser cannot send headers with a WebSocket. */
  queryToken: string | undefined;
}

/** Who is calling. */
export interface Identity {
  /** What callers have to show. */
  readonly needs: 'nothing' | 'token';
  /**
   * Who shows these; null: no one, since there is nothing that says who.
   * @throws HiveError `unauthorized` for what says who and is wrong.
   */
  who(shown: Credentials): Promise<Principal | null>;
}
