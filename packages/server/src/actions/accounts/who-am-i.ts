import type { Me } from '@hive/contract';
import type { Principal } from '../../identity/principal.js';
import type { Verb } from '../verb.js';
import type { AccountParts } from './account-parts.js';

/** Who asks, and what they may do. Anyone may ask. */
export function whoAmI(parts: Pick<AccountParts, 'identity' | 'people' | 'oidc' | 'hasPasswords'>): Verb<void, Me> {
  return (actor) => tellWho(parts, actor);
}

/** What somebody learns about themselves. */
export async function tellWho(
  { identity, people, oidc, hasPasswords }: Pick<AccountParts, 'identity' | 'people' | 'oidc' | 'hasPasswords'>,
  actor: Principal,
): Promise<Me> {
  const mode = await identity.mode();
  const isNobody = actor.proof?.type === 'nothing';
  return {
    mode,
    id: isNobody ? null : actor.id,
    name: isNobody ? null : actor.name,
    email: actor.email ?? null,
    role: actor.role ?? null,
    permissions: [...actor.permissions],
    targets: actor.targets ?? null,
    signIn: {
      password: mode === 'users' && hasPasswords,
      oidc: oidc === null ? null : { name: oidc.name },
    },
    // Whoever signs in at a provider needs nobody before them.
    needsFirstAdmin: mode === 'users' && oidc === null && isNobody && (await people.listUsers()).length === 0,
  };
}
