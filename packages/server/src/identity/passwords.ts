import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { HiveError } from '@hive/contract';

/** OWASP Password Storage Cheat Sheet (2024): scrypt with N = 2^15, r = 8, p = 3. It takes 32 MiB and about 0.2 s of one thread. */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const MOST_MEMORY = 64 * 1024 * 1024;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
/** More who wait to have a password checked are told to come again: it takes time that this machine may need to measure. */
const MOST_WAITING = 32;

/** Makes and checks hashes of passwords, one at a time. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Whether it is the password of that hash. Null, of who has none or is not known, takes as long, and it is not. */
  matches(password: string, hash: string | null): Promise<boolean>;
}

export function createPasswords(cost = COST): Passwords {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (waiting >= MOST_WAITING) {
      throw new HiveError('too_many_requests', 'too many are signing in at this moment', {
        hint: 'try again in a minute',
      });
    }
    waiting += 1;
    const mine = last.then(work).finally(() => (waiting -= 1));
    last = mine.catch(() => undefined);
    return mine;
  };
  const make = (password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> =>
    inTurn(
      () =>
        new Promise((resolve, reject) => {
          scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...options, maxmem: MOST_MEMORY }, (error, key) =>
            error === null ? resolve(key) : reject(error),
          );
        }),
    );
  const nobodys = textOf(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return textOf(cost, salt, await make(password, salt, cost));
    },
    async matches(password, hash) {
      const { options, salt, key } = partsOf(hash ?? nobodys);
      const same = timingSafeEqual(await make(password, salt, options), key);
      return same && hash !== null;
    },
  };
}

/** `scrypt$N$r$p$salt$key`: what it was made with is in it, so that a later version may make it harder. */
function textOf({ N, r, p }: typeof COST, salt: Buffer, key: Buffer): string {
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function partsOf(hash: string): { options: ScryptOptions; salt: Buffer; key: Buffer } {
  const [, n, r, p, salt = '', key = ''] = hash.split('$');
  return {
    options: { N: Number(n), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}
