import { createHash, timingSafeEqual } from 'node:crypto';
import { HiveError } from '@hive/contract';
import type { Credentials, Identity } from './identity.js';
import { whoMayAll } from './principal.js';

/** The mode with one token: who has it may do everything. */
export function tokenIdentity(token: string): Identity {
  const digest = sha256(token);
  const bearer = whoMayAll('token', 'the bearer of HIVE_TOKEN');
  return {
    needs: 'token',
    async who(shown) {
      const given = tokenIn(shown);
      if (given === null) return null;
      if (timingSafeEqual(sha256(given), digest)) return bearer;
      throw new HiveError('unauthorized', 'the token is wrong');
    },
  };
}

function tokenIn({ authorization, queryToken }: Credentials): string | null {
  const header = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '');
  return header?.[1] ?? queryToken ?? null;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
