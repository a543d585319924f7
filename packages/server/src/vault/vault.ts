import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { HiveError } from '@hive/contract';
import { readKey, type KeyPlace } from './key.js';

/** Encrypts what must not be read where it is kept. */
export interface Vault {
  /** `of`: what it belongs to. Moved to another place it does not open. */
  seal(text: string, of: string): Promise<string>;
  /** @throws HiveError `validation` where it was sealed with another key, or is damaged. */
  open(sealed: string, of: string): Promise<string>;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/** AES-256-GCM with a random IV for each text (NIST SP 800-38D, 8.2.2). The key is read when it is first needed. */
export function createVault(place: KeyPlace): Vault {
  let reading: Promise<Buffer> | null = null;
  const keyOf = (): Promise<Buffer> => {
    reading ??= readKey(place).catch((error: unknown) => {
      // What is wrong with the file may be put right.
      reading = null;
      throw error;
    });
    return reading;
  };
  return {
    async seal(text, of) {
      const key = await keyOf();
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(of));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [VERSION, nameOf(key), ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join(
        '.',
      );
    },
    async open(sealed, of) {
      const key = await keyOf();
      const [version, name, iv = '', tag = '', body = ''] = sealed.split('.');
      if (version === VERSION && name !== nameOf(key)) throw otherKey(of);
      try {
        const decipher = createDecipheriv(CIPHER, key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(of)).setAuthTag(Buffer.from(tag, 'base64url'));
        return decipher.update(Buffer.from(body, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        throw new HiveError('validation', `${of} is damaged: it cannot be decrypted`, { hint: 'set it again' });
      }
    },
  };
}

/** By which a key is known, and not found. */
function nameOf(key: Buffer): string {
  return createHash('sha256').update('hive key').update(key).digest('hex').slice(0, 8);
}

function otherKey(of: string): HiveError {
  return new HiveError('validation', `${of} was encrypted with another key`, {
    hint: 'name the key that it was encrypted with in HIVE_ENCRYPTION_KEY_FILE, the same for every Hive of one database, or set it again',
  });
}
