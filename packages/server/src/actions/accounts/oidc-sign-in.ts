import { HiveError, userInputSchema, type RouteParsed } from '@hive/contract';
import { newUser } from '../../identity/first-admin.js';
import type { OidcPerson } from '../../identity/oidc.js';
import type { StoredUser } from '../../store/store.js';
import type { Verb } from '../verb.js';
import type { SignedIn } from './account-actions.js';
import type { AccountParts } from './account-parts.js';
import { begin } from './sign-in.js';

/** Whatever the provider gives: then it is asked again. */
const MOST_SESSION_MS = 12 * 60 * 60_000;
/** Where the provider sends people back to: a page of the dashboard. */
const BACK_PATH = '/signed-in';
const MINUTE_MS = 60_000;
/** Each attempt is a row: whoever is not known may not add them without end. */
const MOST_A_MINUTE = 300;

/**
 * Begins to sign someone in at the provider. Anyone may.
 * @throws HiveError `conflict` where there is no provider, `forbidden_origin`, `too_many_requests`, `provider_unreachable`.
 */
export function beginOidc(
  parts: AccountParts,
): Verb<RouteParsed<'beginOidc'>['body'], { url: string; attempt: string }> {
  const { now, pages } = parts;
  let beganMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  return async (_actor, { page }) => {
    const oidc = providerOf(parts);
    if (!pages.includes(page)) throw new HiveError('forbidden_origin', `people do not sign in at pages of ${page}`);
    if (now() - beganMs >= MINUTE_MS) [beganMs, count] = [now(), 0];
    count += 1;
    if (count > MOST_A_MINUTE) {
      throw new HiveError('too_many_requests', 'too many are signing in at this moment', {
        hint: 'try again in a minute',
      });
    }
    return oidc.begin(page + BACK_PATH);
  };
}

/**
 * Signs in who comes back from the provider; who has no account gets one. Anyone may try.
 * @throws HiveError `unauthorized`, `forbidden` for who gets no role, `conflict` where the e-mail address is another's.
 */
export function finishOidc(parts: AccountParts): Verb<RouteParsed<'finishOidc'>['body'], SignedIn & { email: string }> {
  const { log, now } = parts;
  return async (actor, given) => {
    const oidc = providerOf(parts);
    const person = await oidc.finish(given);
    const who = person.email ?? person.subject;
    if (person.role === null) {
      log.warn({ who, claim: oidc.roleClaim }, 'refused: no role');
      throw new HiveError('forbidden', `${who} may not use this Hive: the claim ${oidc.roleClaim} gives no role`, {
        hint: 'ask an administrator to add you to a group that HIVE_OIDC_ROLE_MAP names',
      });
    }
    const user = await accountOf(parts, { ...person, role: person.role });
    const signedIn = await begin(parts, { user, actor, endsAt: new Date(now() + MOST_SESSION_MS) });
    return { ...signedIn, email: user.email };
  };
}

function providerOf({ oidc }: AccountParts): NonNullable<AccountParts['oidc']> {
  if (oidc !== null) return oidc;
  throw new HiveError('conflict', 'nobody signs in to this Hive with OpenID Connect', {
    hint: 'set HIVE_OIDC_ISSUER',
  });
}

type Let = OidcPerson & { role: NonNullable<OidcPerson['role']> };

/** The account of someone: by subject, else by an e-mail address that the provider has verified, else a new one. */
async function accountOf(parts: AccountParts, person: Let): Promise<StoredUser> {
  const { people, log, now } = parts;
  const { subject, role } = person;
  const known = await people.findUser({ subject });
  if (known !== null) return updated(parts, known, person);
  const input = userInputSchema.safeParse({ email: person.email, role, name: person.name ?? undefined });
  if (!input.success) {
    throw new HiveError('forbidden', 'the sign-in provider tells no e-mail address of yours', {
      hint: 'ask an administrator to give the client of Hive the claim email',
    });
  }
  const { email, name } = input.data;
  const other = await people.findUser({ email });
  if (other === null) {
    const user = newUser({ email, name, role, subject }, now());
    await people.createUser(user);
    log.info({ user: user.id, role }, 'user added by the sign-in provider');
    return user;
  }
  if (person.isEmailVerified && other.subject === null) return updated(parts, other, person);
  throw new HiveError(
    'conflict',
    `${email} has an account already, and the sign-in provider does not show it is yours`,
    {
      hint: 'an administrator can change its address or remove it: `hive user`',
    },
  );
}

/** What the provider says holds from now on. */
async function updated({ people, log }: AccountParts, user: StoredUser, { subject, role }: Let): Promise<StoredUser> {
  if (user.subject === subject && user.role === role) return user;
  // An admin is not limited to some targets.
  const change = { subject, role, ...(role === 'admin' && { targets: null }) };
  log.info({ user: user.id, role }, 'user changed by the sign-in provider');
  const after = await people.updateUser(user.id, change);
  if (after !== null) return after;
  throw new HiveError('unauthorized', 'this account was removed meanwhile', { hint: 'sign in again' });
}
