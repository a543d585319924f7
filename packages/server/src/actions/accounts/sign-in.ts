import { HiveError, type RouteParsed } from '@hive/contract';
import { beginSession, principalOf } from '../../identity/sessions.js';
import { beginAttempt } from '../../identity/throttle.js';
import type { Principal } from '../../identity/principal.js';
import type { StoredUser } from '../../store/store.js';
import type { Verb } from '../verb.js';
import type { SignedIn } from './account-actions.js';
import type { AccountParts } from './account-parts.js';
import { tellWho } from './who-am-i.js';

/**
 * Signs someone in with e-mail and password. Anyone may try. An account that there is not takes as long as a wrong password.
 * @throws HiveError `unauthorized`, `too_many_requests` after five failures within a minute.
 */
export function signIn(parts: AccountParts): Verb<RouteParsed<'signIn'>['body'], SignedIn> {
  const { people, passwords, log, now } = parts;
  return async (actor, { email: typed, password }) => {
    demandPasswords(parts);
    const email = typed.trim().toLowerCase();
    const address = actor.origin?.address ?? '';
    const attempt = await beginAttempt(people, { account: email, address, nowMs: now() });
    const user = await people.findUser({ email });
    const matches = await passwords.matches(password, user?.passwordHash ?? null);
    if (user === null || !matches) {
      log.warn({ from: address }, 'an attempt to sign in failed');
      throw new HiveError('unauthorized', 'the e-mail address or the password is wrong', {
        hint: 'an administrator can set a new password: `hive user password`',
      });
    }
    await attempt.succeeded();
    return begin(parts, { user, actor });
  };
}

/** @throws HiveError `forbidden` where people sign in at a provider alone. */
export function demandPasswords({ hasPasswords, oidc }: Pick<AccountParts, 'hasPasswords' | 'oidc'>): void {
  if (hasPasswords) return;
  throw new HiveError('forbidden', `people sign in at ${oidc?.name ?? 'the provider'}, and not with a password here`, {
    hint: 'open the dashboard',
  });
}

/** Ends the session of who asks. Anyone may ask; who has none has nothing to end. */
export function signOut({ people }: Pick<AccountParts, 'people'>): Verb<void, void> {
  return async ({ proof }) => {
    if (proof?.type === 'session') await people.endUserSessions(proof.userId, { id: proof.id });
  };
}

/** Begins a session for someone who has proved who they are. */
export async function begin(
  parts: AccountParts,
  { user, actor, endsAt = null }: { user: StoredUser; actor: Principal; endsAt?: Date | null },
): Promise<SignedIn> {
  const { people, log, now } = parts;
  const { id, cookie } = await beginSession(people, { userId: user.id, nowMs: now(), origin: actor.origin, endsAt });
  log.info({ who: user.id, from: actor.origin?.address }, 'signed in');
  const signedIn: Principal = { ...principalOf(user), proof: { type: 'session', id, userId: user.id } };
  return { me: await tellWho(parts, signedIn), cookie };
}
