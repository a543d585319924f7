import { errorBodySchema, ERRORS, HiveError, type ErrorCode } from '@hive/contract';
import { createUser } from '@nats-io/nkeys';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { claimsOf, publicKeyOf } from '../keys/claims.js';
import type { Join } from '../keys/join-string.js';
import { beeSubject, inviteSubject } from '../keys/subjects.js';
import { connectFleet, toBytes } from './connection.js';

const ASK_TIMEOUT_MS = 5_000;

export const membershipSchema = z.object({
  url: z.string(),
  id: z.string(),
  name: z.string(),
  region: z.string().nullable(),
  hub: z.string(),
  /** The load generator's own key, which never leaves it, and the newest credential for it. */
  seed: z.string(),
  jwt: z.string(),
});
/** What a load generator keeps of the fleet that it belongs to. A secret. */
export type Membership = z.infer<typeof membershipSchema>;

/**
 * Takes an invitation up.
 * @throws HiveError `conflict` where it was taken up or has expired, `fleet_unreachable` where no hub answers.
 */
export async function joinFleet(join: Join): Promise<Membership> {
  const { url, id, name, region, hub } = join;
  const seed = Buffer.from(createUser().getSeed()).toString();
  const connection = await connectFleet({
    url,
    name: `${name} joins`,
    jwt: () => join.jwt,
    seed: join.seed,
    inbox: inviteSubject(id, 'inbox'),
  });
  try {
    const jwt = await ask(connection, inviteSubject(id, 'join'), { publicKey: publicKeyOf(seed) });
    return { url, id, name, region, hub, seed, jwt };
  } finally {
    await connection.close();
  }
}

/** A newer credential for a member that is connected. @throws HiveError `fleet_unreachable` where no hub answers: also when it was revoked. */
export function renewedJwt(connection: NatsConnection, { id }: Pick<Membership, 'id'>): Promise<string> {
  return ask(connection, beeSubject(id, 'renew'), {});
}

/** When a credential ends, ms since 1970. */
export function endOf({ jwt }: Pick<Membership, 'jwt'>): number {
  return (claimsOf(jwt)?.exp ?? 0) * 1_000;
}

/** How long a credential is good in all, ms. */
export function lifeOf({ jwt }: Pick<Membership, 'jwt'>): number {
  const { iat = 0, exp = 0 } = claimsOf(jwt) ?? {};
  return Math.max(1, exp - iat) * 1_000;
}

/** The credential that the hub answers with. */
async function ask(connection: NatsConnection, subject: string, question: unknown): Promise<string> {
  let answer: unknown;
  try {
    answer = (await connection.request(subject, toBytes(question), { timeout: ASK_TIMEOUT_MS })).json();
  } catch (cause) {
    throw new HiveError('fleet_unreachable', 'no instance of Hive answered on this NATS server', {
      hint: 'start one with NATS_URL and HIVE_FLEET_KEYS; a load generator that was revoked gets no answer either',
      cause,
    });
  }
  const { jwt } = (answer ?? {}) as { jwt?: unknown };
  if (typeof jwt === 'string') return jwt;
  throw errorOf(answer);
}

/** What went wrong at the other end. */
export function errorOf(body: unknown): HiveError {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return new HiveError('internal', 'the hub gave an answer that this version does not know');
  const { code, message, hint } = parsed.data.error;
  const known = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal';
  return new HiveError(known, message, hint === undefined ? {} : { hint });
}
