import { HiveError, type ApiToken, type RouteParsed } from '@hive/contract';
import { hasExpired, lesserOf, newApiToken } from '../../identity/api-tokens.js';
import type { Principal } from '../../identity/principal.js';
import type { StoredApiToken, StoredUser } from '../../store/store.js';
import type { Verb } from '../verb.js';
import type { AccountParts } from './account-parts.js';

/** Tokens of who asks; of everyone, for who may change people. Throws HiveError `unauthorized` for nobody. */
export function listTokens({ people, now }: Pick<AccountParts, 'people' | 'now'>): Verb<void, ApiToken[]> {
  return async (actor) => {
    const mine = ownerOf(actor);
    const all = await people.listApiTokens();
    return all.filter(({ token }) => mine(token)).map((one) => shown(one, now()));
  };
}

/**
 * Makes a token, which is told this once. Throws HiveError `unauthorized` for nobody, `forbidden` for what another token asks or where the
 * role is more than that of who asks, `conflict` where nobody needs one.
 */
export function createToken(
  parts: AccountParts,
): Verb<RouteParsed<'createToken'>['body'], { token: string; shown: ApiToken }> {
  const { people, identity, log, now } = parts;
  return async (actor, { name, role, targets, expiresAt }) => {
    ownerOf(actor);
    if ((await identity.mode()) === 'open') {
      throw new HiveError('conflict', 'this Hive asks nobody who they are: it needs no tokens', {
        hint: 'add a user first with `hive user add`',
      });
    }
    const own = actor.role ?? 'viewer';
    if (lesserOf(role, own) !== role) {
      throw new HiveError('forbidden', `role: you are ${own}, and your tokens are at most that`, {
        hint: 'ask for less with "role"',
      });
    }
    const { id, token, secretHash } = newApiToken();
    const stored: StoredApiToken = {
      id,
      secretHash,
      name,
      role,
      targets: targets ?? null,
      makerId: actor.proof?.type === 'session' ? actor.proof.userId : null,
      createdAt: new Date(now()),
      expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
      lastSeenAt: null,
    };
    if (hasExpired(stored, now())) {
      throw new HiveError('validation', 'expiresAt: this time is over', { hint: 'name a time to come' });
    }
    await people.createApiToken(stored);
    log.info({ token: id, role, who: actor.id }, 'token made');
    const maker = stored.makerId === null ? null : await people.getUser(stored.makerId);
    return { token, shown: shown({ token: stored, maker }, now()) };
  };
}

/** Revokes a token, at once: one's own, and any for who may change people. Throws HiveError `unauthorized` for nobody, `not_found`. */
export function revokeToken({ people, log }: AccountParts): Verb<string, void> {
  return async (actor, id) => {
    const mine = ownerOf(actor);
    const found = await people.findApiToken(id);
    if (found === null || !mine(found.token) || !(await people.deleteApiToken(id))) {
      throw new HiveError('not_found', `you have no token with the id '${id}'`, { hint: 'see GET /api/tokens' });
    }
    log.info({ token: id, who: actor.id }, 'token revoked');
  };
}

/** Which tokens somebody may see and revoke. @throws HiveError `unauthorized` for nobody, `forbidden` for a token: it makes no others. */
function ownerOf(actor: Principal): (token: StoredApiToken) => boolean {
  const { proof } = actor;
  if (proof === undefined || proof.type === 'nothing') {
    throw new HiveError('unauthorized', 'nobody is signed in', { hint: 'sign in at the dashboard' });
  }
  if (proof.type === 'api_token' || proof.type === 'ticket') {
    throw new HiveError('forbidden', 'a token makes no other tokens', { hint: 'sign in, or use HIVE_TOKEN' });
  }
  if (actor.permissions.has('user.write')) return () => true;
  return ({ makerId }) => proof.type === 'session' && makerId === proof.userId;
}

function shown({ token, maker }: { token: StoredApiToken; maker: StoredUser | null }, nowMs: number): ApiToken {
  return {
    id: token.id,
    name: token.name,
    role: lesserOf(token.role, maker?.role ?? 'admin'),
    targets: token.targets,
    maker: maker?.email ?? null,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt?.toISOString() ?? null,
    expired: hasExpired(token, nowMs),
    lastSeenAt: token.lastSeenAt?.toISOString() ?? null,
  };
}
