import { HiveError } from '@hive/contract';
import { connect, jwtAuthenticator, type NatsConnection } from '@nats-io/transport-node';

const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT_WAIT_MS = 500;

/** How to connect as one user. `jwt` is asked again at each new connection. */
export interface Credential {
  url: string;
  name: string;
  jwt: () => string;
  seed: string;
  /** Where answers come; absent: this user asks nothing. */
  inbox?: string;
}

/**
 * A connection to the fleet's NATS server, kept up for as long as it is wanted.
 * @throws HiveError `fleet_unreachable` when there is no server, `unauthorized` when it does not know the credential.
 */
export async function connectFleet({ url, name, jwt, seed, inbox }: Credential): Promise<NatsConnection> {
  try {
    return await connect({
      servers: url,
      name,
      authenticator: jwtAuthenticator(jwt, Buffer.from(seed)),
      timeout: CONNECT_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      ...(inbox === undefined ? {} : { inboxPrefix: inbox }),
    });
  } catch (cause) {
    const told = cause instanceof Error ? cause.message : String(cause);
    if (/authoriz|authentic|expired/i.test(told)) {
      throw new HiveError('unauthorized', `the NATS server at ${url} does not accept this credential`, {
        hint: 'its configuration must be the nats.conf of this fleet; an expired or revoked load generator needs a new invitation',
        cause,
      });
    }
    throw new HiveError('fleet_unreachable', `cannot reach the NATS server at ${url}: ${told}`, { cause });
  }
}

/** What is sent over the wire as text. */
export const toBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
