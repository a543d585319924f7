import { createReadStream, createWriteStream } from 'node:fs';
import { rename, stat, unlink } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import { HiveError } from '@hive/contract';
import { toStoreError } from '../errors.js';
import { makeDays } from '../measured/days.js';
import { openDatabase, type StoreOptions } from '../open.js';
import { brokenBackup, type BackedRows } from './format.js';
import { readBackup } from './read-backup.js';
import { writeBackup } from './write-backup.js';

/** What was backed up or restored. */
export interface BackupReport {
  /** Rows by table. */
  rows: BackedRows;
  /** Of the file. */
  bytes: number;
}

/**
 * Writes everything that is stored into one file, which appears when it is whole and can be read by its owner alone. Values of headers that may
 * be secret are left out unless `secrets`. @throws HiveError as opening a store does, `validation` for a file that cannot be written.
 */
export async function backup(
  place: StoreOptions,
  file: string,
  { secrets }: { secrets: boolean },
): Promise<BackupReport> {
  const database = await openDatabase(place);
  const draft = `${file}.part`;
  try {
    const zip = createGzip();
    const whole = finished(zip.pipe(createWriteStream(draft, { mode: 0o600 })));
    const broken = whole.then(() => new Promise<never>(() => undefined));
    // It may break while the database is asked, and nobody waits for it.
    broken.catch(() => undefined);
    const write = async (line: string): Promise<void> => {
      if (!zip.write(`${line}\n`)) await Promise.race([new Promise((resolve) => zip.once('drain', resolve)), broken]);
    };
    const rows = await writeBackup(database.db, { secrets, at: new Date() }, write);
    zip.end();
    await whole;
    await rename(draft, file);
    return { rows, bytes: (await stat(file)).size };
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw fileError(error, file) ?? toStoreError(error, database.place);
  } finally {
    await database.close();
  }
}

/**
 * Fills an empty store from such a file, wholly or not at all; it may be of another kind of database than the one that was backed up.
 * @throws HiveError as opening a store does, `conflict` when it is not empty, `validation` for a file that is no whole backup.
 */
export async function restore(place: StoreOptions, file: string): Promise<BackupReport> {
  const { size } = await stat(file).catch((error: unknown) => {
    throw fileError(error, file) ?? error;
  });
  const database = await openDatabase(place);
  const input = createReadStream(file);
  try {
    const unzipped = input.on('error', (error) => unzipped.destroy(error)).pipe(createGunzip());
    // It may break before it is read, which says so then.
    unzipped.on('error', () => undefined);
    const rows = await readBackup(database.db, linesOf(unzipped));
    await makeDays(database.db, new Date());
    return { rows, bytes: size };
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw brokenBackup('it is not a backup of Hive, or it is damaged');
    }
    throw fileError(error, file) ?? toStoreError(error, database.place);
  } finally {
    input.destroy();
    await database.close();
  }
}

/** Lines as they are asked for: readline loses those that come before someone listens. */
async function* linesOf(text: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function fileError(error: unknown, file: string): HiveError | null {
  const code = error instanceof Error && 'syscall' in error && 'path' in error && 'code' in error ? error.code : null;
  if (typeof code !== 'string') return null;
  return new HiveError('validation', `the file ${file} cannot be used (${code})`, {
    hint: 'name a file in a directory that exists and that you may write to',
  });
}
