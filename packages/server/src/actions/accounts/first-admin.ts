import { HiveError, type RouteParsed } from '@hive/contract';
import { FIRST_ADMIN, newUser } from '../../identity/first-admin.js';
import { hashOf } from '../../identity/secrets.js';
import type { Verb } from '../verb.js';
import type { SignedIn } from './account-actions.js';
import type { AccountParts } from './account-parts.js';
import { begin, demandPasswords } from './sign-in.js';

/**
 * Makes whoever has the code of the link the first admin, once. Anyone may try.
 * @throws HiveError `unauthorized` for a code that is wrong, used or too old, `conflict` where there is someone already.
 */
export function becomeFirstAdmin(parts: AccountParts): Verb<RouteParsed<'becomeFirstAdmin'>['body'], SignedIn> {
  const { people, passwords, log, now } = parts;
  return async (actor, { code, email, name, password }) => {
    demandPasswords(parts);
    const good = await people.takeOnce(hashOf(code), { purpose: FIRST_ADMIN, now: new Date(now()) });
    if (good === null) {
      throw new HiveError('unauthorized', 'this link is wrong, was used, or is older than 15 minutes', {
        hint: 'start Hive again: it prints a new one as long as there is no admin',
      });
    }
    const passwordHash = await passwords.hash(password);
    const user = newUser({ email, name, role: 'admin', passwordHash }, now());
    if (!(await people.createFirstUser(user))) {
      throw new HiveError('conflict', 'there is an admin already', { hint: 'ask them to add you' });
    }
    await parts.accountsBegan();
    log.info({ who: user.id }, 'first admin made');
    return begin(parts, { user, actor });
  };
}
