import { randomUUID } from 'node:crypto';
import type { Labels, Role } from '@hive/contract';
import type { PeopleTable, StoredUser } from '../store/store.js';
import type { Passwords } from './passwords.js';
import { hashOf, newSecret } from './secrets.js';

export const FIRST_ADMIN = 'first_admin';
const LINK_MINUTES = 15;

/** Someone who is added now. */
export function newUser(
  given: {
    email: string;
    name?: string | undefined;
    role: Role;
    targets?: Labels | null | undefined;
    passwordHash?: string | null;
    subject?: string | null;
  },
  nowMs: number,
): StoredUser {
  return {
    id: `usr_${randomUUID()}`,
    createdAt: new Date(nowMs),
    email: given.email,
    name: given.name ?? given.email,
    role: given.role,
    targets: given.targets ?? null,
    passwordHash: given.passwordHash ?? null,
    subject: given.subject ?? null,
    lastSeenAt: null,
  };
}

/** How the first admin is to be made. */
export interface FirstAdmin {
  /** By whoever gets the link. */
  link: boolean;
  /** The account itself; the password was read from a file. */
  account: { email: string; password: string } | null;
}

/**
 * Makes the first admin, or a code for a link that makes one: good once, for 15 minutes. Null where there is an admin already, or none is to
 * be made.
 */
export async function prepareFirstAdmin(
  { link, account }: FirstAdmin,
  { people, passwords, nowMs }: { people: PeopleTable; passwords: Passwords; nowMs: number },
): Promise<string | null> {
  if (!link && account === null) return null;
  if ((await people.listUsers()).length > 0) return null;
  if (account !== null) {
    const passwordHash = await passwords.hash(account.password);
    await people.createFirstUser(newUser({ email: account.email, role: 'admin', passwordHash }, nowMs));
    return null;
  }
  // Nobody gets in before the link was used.
  await people.beginAccounts();
  const code = newSecret();
  const expiresAt = new Date(nowMs + LINK_MINUTES * 60_000);
  await people.putOnce({ hash: hashOf(code), purpose: FIRST_ADMIN, data: {}, expiresAt });
  return code;
}
