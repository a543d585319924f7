import { HiveError } from '@hive/contract';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { userJwt } from '../keys/claims.js';
import type { FleetKeys } from '../keys/fleet-keys.js';
import { beeSubject, idOf, inboxBeside, inviteSubject } from '../keys/subjects.js';
import { toBytes } from './connection.js';
import type { Member, Roll } from './roll.js';

/** How long a credential of a load generator lasts. */
const CREDENTIAL_SECONDS = 60 * 60;
/** Of several instances, one answers. */
const ONE_OF_US = { queue: 'hive-desk' };

const askedSchema = z.object({ publicKey: z.string().regex(/^U[A-Z2-7]{55}$/) });

type Act = (member: Member, body: unknown) => Promise<unknown>;

/** What `startDesk` needs. */
export interface DeskParts {
  connection: NatsConnection;
  keys: Pick<FleetKeys, 'accountSeed'>;
  roll: Roll;
  nowMs?: () => number;
  /** How long a credential of a load generator lasts. */
  credentialSeconds?: number | undefined;
}

/**
 * Answers load generators that take up an invitation, and renews their credentials. Revoked ones get no answer.
 * @returns how to end it
 */
export function startDesk({ connection, keys, roll, nowMs = Date.now, ...more }: DeskParts): () => void {
  const { credentialSeconds: seconds = CREDENTIAL_SECONDS } = more;
  const credential = (member: Member, publicKey: string): { jwt: string } => ({
    jwt: userJwt(keys.accountSeed, {
      publicKey,
      name: member.name,
      subjects: [beeSubject(member.id, '>')],
      seconds,
      tags: member.region === null ? [] : [`region:${member.region}`],
    }),
  });

  async function takeUp(member: Member, body: unknown): Promise<{ jwt: string }> {
    const asked = askedSchema.safeParse(body);
    if (!asked.success) throw new HiveError('validation', 'publicKey: must be the public key of a NATS user');
    const { publicKey } = asked.data;
    if (nowMs() >= member.untilMs) throw usedUp(member, 'has expired');
    if (!(await roll.join(member.id, publicKey))) throw usedUp(member, 'was taken up already');
    return credential(member, publicKey);
  }

  async function renew(member: Member): Promise<{ jwt: string }> {
    if (member.publicKey === null) throw new HiveError('not_found', `${member.name} has not joined`);
    return credential(member, member.publicKey);
  }

  function hear(problem: Error | null, message: Msg, act: Act): void {
    if (problem === null) void answer(message, act).catch(() => undefined);
  }

  async function answer(message: Msg, act: Act): Promise<void> {
    const { subject, reply = '' } = message;
    // An answer is sent in the hub's name: nobody may have it sent to another's subjects.
    if (!reply.startsWith(`${inboxBeside(subject)}.`)) return;
    const member = await roll.member(idOf(subject) ?? '');
    if (member === null || member.revoked) return;
    try {
      message.respond(toBytes(await act(member, bodyOf(message))));
    } catch (error) {
      const known = error instanceof HiveError ? error : new HiveError('internal', 'the hub could not answer');
      message.respond(toBytes(known.toBody()));
    }
  }

  const listen = (subject: string, act: Act) =>
    connection.subscribe(subject, { ...ONE_OF_US, callback: (problem, message) => hear(problem, message, act) });
  const heard = [listen(inviteSubject('*', 'join'), takeUp), listen(beeSubject('*', 'renew'), renew)];
  return () => {
    for (const subscription of heard) subscription.unsubscribe();
  };
}

function usedUp({ name }: Member, how: string): HiveError {
  const hint = `get a new one with hive fleet invite ${name}, after hive fleet revoke ${name} where that name has joined`;
  return new HiveError('conflict', `the invitation of ${name} ${how}`, { hint });
}

function bodyOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return null;
  }
}
