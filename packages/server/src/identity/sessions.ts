import { randomUUID } from 'node:crypto';
import { ROLES } from '@hive/contract';
import type { PeopleTable, StoredUser } from '../store/store.js';
import type { Origin, Principal } from './principal.js';
import { hashOf, isSame, newSecret } from './secrets.js';

const MINUTE_MS = 60_000;
/** A session that is not used for this long ends. */
const SESSION_DAYS = 7;
const SESSION_MS = SESSION_DAYS * 24 * 60 * MINUTE_MS;
const MOST_AGENT = 200;

type SessionTable = Pick<PeopleTable, 'findUserSession' | 'touchUserSession'>;

/** Signs someone in. Returns what the cookie holds: the id of the session and its secret. */
export async function beginSession(
  people: Pick<PeopleTable, 'createUserSession'>,
  {
    userId,
    nowMs,
    origin,
    endsAt = null,
  }: { userId: string; nowMs: number; origin?: Origin | undefined; endsAt?: Date | null },
): Promise<{ id: string; cookie: string }> {
  const [id, secret] = [randomUUID(), newSecret()];
  const now = new Date(nowMs);
  await people.createUserSession({
    id,
    userId,
    secretHash: hashOf(secret),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: expiryOf(nowMs, endsAt),
    endsAt,
    from: origin?.address ?? null,
    agent: origin?.agent?.slice(0, MOST_AGENT) ?? null,
  });
  return { id, cookie: `${id}.${secret}` };
}

/** Who a cookie is of; null: nobody, or a session that has ended. Using it extends it. */
export async function whoOfCookie(people: SessionTable, cookie: string, nowMs: number): Promise<Principal | null> {
  const [id = '', secret = ''] = cookie.split('.');
  if (id === '' || secret === '') return null;
  const found = await people.findUserSession(id);
  if (found === null || !isSame(hashOf(secret), found.session.secretHash)) return null;
  return stillGood(people, found, nowMs);
}

/** Who a session is of that was let in before; null: it has ended. A feed that is followed is a use, too. */
export async function whoOfSession(people: SessionTable, id: string, nowMs: number): Promise<Principal | null> {
  const found = await people.findUserSession(id);
  return found === null ? null : stillGood(people, found, nowMs);
}

async function stillGood(
  people: SessionTable,
  { session, user }: NonNullable<Awaited<ReturnType<SessionTable['findUserSession']>>>,
  nowMs: number,
): Promise<Principal | null> {
  const { id } = session;
  if (session.expiresAt.getTime() <= nowMs) return null;
  if (nowMs - session.lastSeenAt.getTime() >= MINUTE_MS) {
    await people.touchUserSession(id, { seen: new Date(nowMs), expires: expiryOf(nowMs, session.endsAt) });
  }
  return { ...principalOf(user), proof: { type: 'session', id, userId: user.id } };
}

/** Someone with what their role lets them. */
export function principalOf({ id, email, name, role, targets }: StoredUser): Principal {
  return { id, name, email, role, permissions: new Set(ROLES[role]), ...(targets !== null && { targets }) };
}

function expiryOf(nowMs: number, endsAt: Date | null): Date {
  return new Date(Math.min(nowMs + SESSION_MS, endsAt?.getTime() ?? Number.POSITIVE_INFINITY));
}
