import { createHash, randomBytes } from 'node:crypto';
import { HiveError, ROLES, type Labels, type Role } from '@hive/contract';
import type { ApiTokenTable, StoredApiToken, StoredUser } from '../store/store.js';
import type { Principal } from './principal.js';
import { hashOf, isSame } from './secrets.js';

const TOKEN = /^hive_(?<id>[a-f0-9]{12})_(?<secret>[a-f0-9]{64})_(?<check>[a-f0-9]{6})$/;
const RANKS: readonly Role[] = ['viewer', 'operator', 'admin'];
const MINUTE_MS = 60_000;

/** A new token, as its owner keeps it; its end tells a mistyped one, and one that a scanner finds, without asking. */
export function newApiToken(): { id: string; token: string; secretHash: string } {
  const [id, secret] = [randomBytes(6).toString('hex'), randomBytes(32).toString('hex')];
  return { id, token: `hive_${id}_${secret}_${checkOf(id, secret)}`, secretHash: hashOf(secret) };
}

/** Whether a text has the form of such a token. */
export function isApiToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Who a token is. @throws HiveError `unauthorized` for one that is wrong, revoked or has expired. */
export async function whoOfApiToken(
  people: Pick<ApiTokenTable, 'findApiToken' | 'touchApiToken'>,
  text: string,
  nowMs: number,
): Promise<Principal> {
  const { id = '', secret = '', check = '' } = TOKEN.exec(text)?.groups ?? {};
  if (check !== checkOf(id, secret)) throw new HiveError('unauthorized', 'the token is mistyped: its end does not fit');
  const found = await people.findApiToken(id);
  if (found === null || !isSame(hashOf(secret), found.token.secretHash)) {
    throw new HiveError('unauthorized', 'the token is wrong, or was revoked', {
      hint: 'make another with `hive token`',
    });
  }
  const { token, maker } = found;
  if (hasExpired(token, nowMs)) {
    throw new HiveError('unauthorized', `the token expired at ${token.expiresAt?.toISOString()}`, {
      hint: 'make another with `hive token`',
    });
  }
  if (nowMs - (token.lastSeenAt?.getTime() ?? 0) >= MINUTE_MS) await people.touchApiToken(id, new Date(nowMs));
  return principalOfToken(token, maker);
}

/** Who a token is that was let in before; null: it is good no more. */
export async function whoOfTokenId(
  people: Pick<ApiTokenTable, 'findApiToken'>,
  id: string,
  nowMs: number,
): Promise<Principal | null> {
  const found = await people.findApiToken(id);
  return found === null || hasExpired(found.token, nowMs) ? null : principalOfToken(found.token, found.maker);
}

export function hasExpired({ expiresAt }: StoredApiToken, nowMs: number): boolean {
  return expiresAt !== null && expiresAt.getTime() <= nowMs;
}

/** What a token lets its bearer do: the lesser of its role and its maker's now, on the targets of both. */
function principalOfToken(token: StoredApiToken, maker: StoredUser | null): Principal {
  const role = lesserOf(token.role, maker?.role ?? 'admin');
  const targets = joined(token.targets, maker?.targets ?? null);
  const name = maker === null ? `the token ${token.name}` : `the token ${token.name} of ${maker.name}`;
  return {
    id: token.id,
    name,
    role,
    permissions: new Set(ROLES[role]),
    ...(targets !== null && { targets }),
    proof: { type: 'api_token', id: token.id },
  };
}

export function lesserOf(one: Role, other: Role): Role {
  return RANKS[Math.min(RANKS.indexOf(one), RANKS.indexOf(other))] as Role;
}

/** Labels that a target needs to have those of both. @throws HiveError `forbidden` where none can. */
function joined(one: Labels | null, other: Labels | null): Labels | null {
  for (const [name, value] of Object.entries(one ?? {})) {
    if (other?.[name] === undefined || other[name] === value) continue;
    throw new HiveError('forbidden', `the token is for targets with ${name}=${value}, and its maker for others`, {
      hint: 'make another token',
    });
  }
  return one === null && other === null ? null : { ...other, ...one };
}

function checkOf(id: string, secret: string): string {
  return createHash('sha256').update(`${id}_${secret}`).digest('hex').slice(0, 6);
}
