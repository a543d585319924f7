import { randomBytes } from 'node:crypto';
import { FLEET_NAME, FLEET_NAME_HINT, HiveError } from '@hive/contract';
import { createUser } from '@nats-io/nkeys';
import { userJwt } from '../keys/claims.js';
import type { FleetKeys } from '../keys/fleet-keys.js';
import { writeJoin } from '../keys/join-string.js';
import { inviteSubject } from '../keys/subjects.js';
import type { Member, Roll } from './roll.js';

/** How long an invitation can be taken up. */
const INVITE_SECONDS = 15 * 60;

/** What joining and leaving a fleet needs. */
export interface Fleet {
  keys: FleetKeys;
  roll: Roll;
  /** Address of the NATS server, as load generators reach it. */
  url: string;
}

/**
 * Invites one load generator.
 * @returns a join string: a secret that is good once within 15 minutes
 * @throws HiveError `validation` for a name or region that cannot be one, `conflict` where the name is taken.
 */
export async function invite(
  { keys, roll, url }: Fleet,
  { name, region, nowMs = Date.now() }: { name: string; region: string | null; nowMs?: number },
): Promise<{ join: string; id: string; untilMs: number }> {
  checkName('name', name);
  if (region !== null) checkName('region', region);
  if ((await roll.members()).some((one) => one.name === name && isCurrent(one, nowMs))) {
    throw new HiveError('conflict', `the name ${name} belongs to another load generator of this fleet`, {
      hint: `choose another name, or revoke that one first: hive fleet revoke ${name}`,
    });
  }
  const id = randomBytes(8).toString('hex');
  const untilMs = nowMs + INVITE_SECONDS * 1_000;
  const pair = createUser();
  const jwt = userJwt(keys.accountSeed, {
    publicKey: pair.getPublicKey(),
    name: `invitation of ${name}`,
    subjects: [inviteSubject(id, '>')],
    seconds: INVITE_SECONDS,
  });
  await roll.invite({ id, name, region, untilMs });
  const seed = Buffer.from(pair.getSeed()).toString();
  return { join: writeJoin({ url, id, name, region, jwt, seed, hub: keys.hubPublicKey }), id, untilMs };
}

/**
 * Ends the membership of a load generator, or an invitation: from now on no instance of Hive hears it or answers it, and its credential
 * dies within the hour.
 * @throws HiveError `not_found` naming those that there are.
 */
export async function revoke(roll: Roll, name: string, nowMs = Date.now()): Promise<Member[]> {
  const current = (await roll.members()).filter((one) => isCurrent(one, nowMs));
  const named = current.filter((one) => one.name === name);
  if (named.length === 0) {
    const names = current.map((one) => one.name).toSorted();
    throw new HiveError('not_found', `there is no load generator ${name} in this fleet`, {
      hint: names.length === 0 ? 'invite one with hive fleet invite NAME' : `there are ${names.join(', ')}`,
    });
  }
  for (const { id } of named) await roll.revoke(id);
  return named;
}

/** Neither revoked nor an invitation that nobody took up in time. */
function isCurrent({ revoked, publicKey, untilMs }: Member, nowMs: number): boolean {
  return !revoked && (publicKey !== null || nowMs < untilMs);
}

function checkName(field: string, text: string): void {
  if (!FLEET_NAME.test(text))
    throw new HiveError('validation', `${field}: '${text}' cannot be used`, { hint: FLEET_NAME_HINT });
}
