import { HiveError, type RouteParsed, type UserSession } from '@hive/contract';
import { beginAttempt } from '../../identity/throttle.js';
import type { Verb } from '../verb.js';
import { sessionOf, type AccountParts } from './account-parts.js';

/**
 * Changes the password of who asks, which ends their other sessions. Returns how many.
 * @throws HiveError `unauthorized` for who is not signed in, `forbidden` for a wrong password.
 */
export function changePassword(parts: AccountParts): Verb<RouteParsed<'changePassword'>['body'], number> {
  const { people, passwords, log, now } = parts;
  return async (actor, { current, next }) => {
    const session = sessionOf(actor);
    const address = actor.origin?.address ?? '';
    const attempt = await beginAttempt(people, { account: session.userId, address, nowMs: now() });
    const user = await people.getUser(session.userId);
    if (!(await passwords.matches(current, user?.passwordHash ?? null)))
      throw new HiveError('forbidden', 'current: this is not your password', { hint: 'write your present password' });
    await attempt.succeeded();
    await people.updateUser(session.userId, { passwordHash: await passwords.hash(next) });
    log.info({ who: session.userId }, 'password changed');
    return people.endUserSessions(session.userId, { allBut: session.id });
  };
}

/** Where who asks is signed in. Throws HiveError `unauthorized` for who is not. */
export function listOwnSessions({ people }: Pick<AccountParts, 'people'>): Verb<void, UserSession[]> {
  return async (actor) => {
    const { id: current, userId } = sessionOf(actor);
    const sessions = await people.listUserSessions(userId);
    return sessions.map(({ id, createdAt, lastSeenAt, expiresAt, from, agent }) => ({
      id,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      from,
      agent,
      current: id === current,
    }));
  };
}

/** Ends a session of who asks. Throws HiveError `unauthorized` for who is not signed in, `not_found`. */
export function endOwnSession({ people }: Pick<AccountParts, 'people'>): Verb<string, number> {
  return async (actor, id) => {
    const { userId } = sessionOf(actor);
    const ended = await people.endUserSessions(userId, { id });
    if (ended === 0) throw new HiveError('not_found', `you have no session with the id '${id}'`);
    return ended;
  };
}
