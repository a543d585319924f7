import { HiveError, type User } from '@hive/contract';
import type { Identity } from '../../identity/identity.js';
import type { Oidc } from '../../identity/oidc.js';
import type { Passwords } from '../../identity/passwords.js';
import type { Principal } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { PeopleTable, StoredUser } from '../../store/store.js';

/** What verbs of accounts work with. */
export interface AccountParts {
  people: PeopleTable;
  passwords: Passwords;
  identity: Identity;
  /** Null: nobody signs in at a provider. */
  oidc: Oidc | null;
  /** People sign in with e-mail and password. */
  hasPasswords: boolean;
  /** Origins of the dashboard. */
  pages: readonly string[];
  /** Told when the first account was made: from then on everyone signs in. */
  accountsBegan: () => Promise<void>;
  log: Log;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** Someone as others see them. */
export function shownUser(user: StoredUser): User {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    targets: user.targets,
    signsInWith: [
      ...(user.passwordHash === null ? [] : (['password'] as const)),
      ...(user.subject === null ? [] : (['oidc'] as const)),
    ],
    createdAt: user.createdAt.toISOString(),
    lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
  };
}

/** The session that someone asks with. @throws HiveError `unauthorized` for who has none, such as a program. */
export function sessionOf({ proof }: Principal): { id: string; userId: string } {
  if (proof?.type === 'session') return proof;
  throw new HiveError('unauthorized', 'this is for people who are signed in', { hint: 'sign in at the dashboard' });
}
