import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HiveError } from '@hive/contract';

/** In the data directory, for its owner alone. */
const KEY_FILE = 'encryption-key';
const KEY_BYTES = 32;

/** Where the key is that secrets are encrypted with. */
export interface KeyPlace {
  dataDir: string;
  /** HIVE_ENCRYPTION_KEY_FILE; null: a file in the data directory, which is made when it is first needed. */
  keyFile: string | null;
}

/** @throws HiveError `validation` where the file cannot be read or holds no key, `data_directory` where none can be made. */
export async function readKey({ dataDir, keyFile }: KeyPlace): Promise<Buffer> {
  if (keyFile !== null) return keyIn(await readGiven(keyFile), `HIVE_ENCRYPTION_KEY_FILE (${keyFile})`);
  const file = join(dataDir, KEY_FILE);
  const there = await readFile(file, 'utf8').catch(() => null);
  return keyIn(there ?? (await makeKey(dataDir, file)), file);
}

function keyIn(text: string, file: string): Buffer {
  const written = text.trim();
  const key = Buffer.from(written, /^[0-9a-f]{64}$/i.test(written) ? 'hex' : 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new HiveError('validation', `${file} holds no key of ${KEY_BYTES} bytes in base64`, {
    hint: 'make one with: openssl rand -base64 32',
  });
}

async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new HiveError('validation', `HIVE_ENCRYPTION_KEY_FILE names ${file}, which cannot be read (${code})`, {
      hint: 'make one with: openssl rand -base64 32, readable by the user of Hive alone',
    });
  }
}

/** Of several processes that make one at once, one wins, and the others read it whole. */
async function makeKey(dataDir: string, file: string): Promise<string> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unwritable';
    throw new HiveError('data_directory', `the key ${file} cannot be made (${code})`, {
      hint: 'make the data directory writable, or name a key with HIVE_ENCRYPTION_KEY_FILE',
    });
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}
