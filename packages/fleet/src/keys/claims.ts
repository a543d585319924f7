import { createHash, randomBytes } from 'node:crypto';
import { fromSeed } from '@nats-io/nkeys';
import { signWith, verifies } from './ed25519.js';

/** What a NATS server reads in a credential, format 2 of its JWTs (nats-io/jwt). Times are seconds since 1970. */
export interface Claims {
  /** Public key of whoever signed it. */
  iss: string;
  /** Public key of whoever it is about. */
  sub: string;
  name: string;
  iat: number;
  exp?: number;
  jti: string;
  nats: { type: 'operator' | 'account' | 'user'; version: 2; tags?: string[] } & Record<string, unknown>;
}

const HEADER = encode({ typ: 'JWT', alg: 'ed25519-nkey' });
const WITHOUT_BOUNDS = { subs: -1, data: -1, payload: -1 };

/** Vouches for an operator by its own key. */
export function operatorJwt(operatorSeed: string, name: string): string {
  const sub = publicKeyOf(operatorSeed);
  return sign(operatorSeed, { sub, name, nats: { type: 'operator', version: 2 } });
}

/** An account whose users may do what their own credentials say. */
export function accountJwt(operatorSeed: string, { account, name }: { account: string; name: string }): string {
  const limits = { ...WITHOUT_BOUNDS, imports: 0, exports: 0, wildcards: false, conn: -1, leaf: -1 };
  return sign(operatorSeed, { sub: account, name, nats: { type: 'account', version: 2, limits } });
}

/** A user that may hear and speak on the given subjects alone, for this many seconds; without them, without end. */
export function userJwt(
  accountSeed: string,
  user: { publicKey: string; name: string; subjects: readonly string[]; seconds?: number; tags?: readonly string[] },
): string {
  const { publicKey, name, subjects, seconds, tags = [] } = user;
  return sign(accountSeed, {
    sub: publicKey,
    name,
    ...(seconds === undefined ? {} : { exp: nowSeconds() + seconds }),
    nats: {
      type: 'user',
      version: 2,
      pub: { allow: [...subjects] },
      sub: { allow: [...subjects] },
      ...WITHOUT_BOUNDS,
      ...(tags.length > 0 ? { tags: [...tags] } : {}),
    },
  });
}

/** What a credential says, whoever signed it; null where it is none. */
export function claimsOf(jwt: string): Claims | null {
  try {
    return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Claims;
  } catch {
    return null;
  }
}

/** Whether the account's own key signed it. */
export function isSignedBy(publicKey: string, jwt: string): boolean {
  const [header, claims, signature] = jwt.split('.');
  if (header !== HEADER || claims === undefined || signature === undefined) return false;
  return verifies(publicKey, Buffer.from(`${header}.${claims}`), Buffer.from(signature, 'base64url'));
}

export function publicKeyOf(seed: string): string {
  return fromSeed(Buffer.from(seed)).getPublicKey();
}

function sign(seed: string, claims: Omit<Claims, 'iss' | 'iat' | 'jti'>): string {
  const complete = { ...claims, iss: publicKeyOf(seed), iat: nowSeconds() };
  const jti = createHash('sha256').update(JSON.stringify(complete)).update(randomBytes(16)).digest('hex');
  const text = `${HEADER}.${encode({ jti, ...complete })}`;
  return `${text}.${Buffer.from(signWith(seed, Buffer.from(text))).toString('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
