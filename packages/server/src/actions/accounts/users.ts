import { HiveError, type RouteParsed, type User } from '@hive/contract';
import { newUser } from '../../identity/first-admin.js';
import { demand } from '../../identity/principal.js';
import type { Verb } from '../verb.js';
import { shownUser, type AccountParts } from './account-parts.js';

/** Who may sign in, in order of their e-mail addresses. */
export function listUsers({ people }: Pick<AccountParts, 'people'>): Verb<void, User[]> {
  return async (actor) => {
    demand(actor, 'user.write');
    return (await people.listUsers()).map(shownUser);
  };
}

/** Adds someone. The first must be an admin, and ends the mode without accounts. Throws HiveError `conflict`, `validation`. */
export function createUser(parts: AccountParts): Verb<RouteParsed<'createUser'>['body'], User> {
  const { people, passwords, log, now } = parts;
  return async (actor, { password, ...given }) => {
    demand(actor, 'user.write');
    const isFirst = (await people.listUsers()).length === 0;
    if (isFirst && (given.role !== 'admin' || password === undefined)) {
      throw new HiveError('validation', 'role: the first person must be an admin who has a password', {
        hint: 'add an admin first: without one nobody could add another',
      });
    }
    const passwordHash = password === undefined ? null : await passwords.hash(password);
    const user = newUser({ ...given, passwordHash }, now());
    if (!isFirst) await people.createUser(user);
    else if (!(await people.createFirstUser(user))) {
      throw new HiveError('conflict', 'somebody else became the first admin meanwhile', { hint: 'sign in' });
    }
    if (isFirst) await parts.accountsBegan();
    log.info({ user: user.id, role: user.role, who: actor.id }, 'user added');
    return shownUser(user);
  };
}

/** Changes someone; a new password signs them out. Throws HiveError `not_found`, `conflict` for the last admin. */
export function replaceUser(parts: AccountParts): Verb<{ id: string; user: RouteParsed<'replaceUser'>['body'] }, User> {
  const { people, passwords, log } = parts;
  return async (actor, { id, user: { password, email, name, role, targets } }) => {
    demand(actor, 'user.write');
    const change = {
      email,
      name: name ?? email,
      role,
      targets: targets ?? null,
      ...(password !== undefined && { passwordHash: await passwords.hash(password) }),
    };
    const user = await people.updateUser(id, change);
    if (user === null) throw unknown(id);
    if (password !== undefined) await people.endUserSessions(id, { allBut: null });
    log.info({ user: id, role, who: actor.id }, 'user changed');
    return shownUser(user);
  };
}

/** Removes someone, who is signed out at once. Throws HiveError `not_found`, `conflict` for the last admin. */
export function deleteUser({ people, log }: AccountParts): Verb<string, void> {
  return async (actor, id) => {
    demand(actor, 'user.write');
    if (!(await people.deleteUser(id))) throw unknown(id);
    log.info({ user: id, who: actor.id }, 'user removed');
  };
}

/** Signs someone out everywhere. Returns how many sessions that were. Throws HiveError `not_found`. */
export function endSessions({ people, log }: AccountParts): Verb<string, number> {
  return async (actor, id) => {
    demand(actor, 'user.write');
    if ((await people.getUser(id)) === null) throw unknown(id);
    log.info({ user: id, who: actor.id }, 'user signed out');
    return people.endUserSessions(id, { allBut: null });
  };
}

function unknown(id: string): HiveError {
  return new HiveError('not_found', `there is nobody with the id '${id}'`, { hint: 'see GET /api/users' });
}
