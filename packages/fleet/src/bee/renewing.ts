import { toHiveError } from '@hive/contract';
import type { NatsConnection } from '@nats-io/transport-node';
import { endOf, lifeOf, renewedJwt, type Membership } from '../joining/membership.js';

/** An idle load generator renews its credential when this part of its life is left … */
const IDLE_LEFT = 1 / 2;
/** … and one that sends only here, since its connection is made anew: a short run is not disturbed by it. */
const BUSY_LEFT = 1 / 6;
/** It is looked at this often in its life. */
const LOOKS = 60;

/** What `keepRenewed` needs. */
export interface Renewing {
  connection: NatsConnection;
  membership(): Membership;
  isBusy(): boolean;
  /** Takes the newer credential over: the next connection is made with it. */
  take(membership: Membership): void;
  log(text: string): void;
}

/**
 * Keeps the credential of a member good for as long as it is connected, also while it sends.
 * @returns how to end that
 */
export function keepRenewed({ connection, membership, isBusy, take, log }: Renewing): () => void {
  let asking = false;

  async function look(): Promise<void> {
    const own = membership();
    const left = (endOf(own) - Date.now()) / lifeOf(own);
    if (asking || left > (isBusy() ? BUSY_LEFT : IDLE_LEFT)) return;
    asking = true;
    try {
      take({ ...own, jwt: await renewedJwt(connection, own) });
      // The connection would be cut at the end of the credential that it was made with.
      await connection.reconnect();
    } catch (error) {
      log(`the credential could not be renewed: ${toHiveError(error).message}`);
    } finally {
      asking = false;
    }
  }

  const timer = setInterval(() => void look(), lifeOf(membership()) / LOOKS);
  // What was kept may end before the first look.
  void look();
  return () => clearInterval(timer);
}
