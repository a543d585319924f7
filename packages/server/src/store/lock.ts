import { HiveError } from '@hive/contract';
import { makeDirectory } from '@hive/engine';
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { processStart } from '../process-identity.js';

const recordSchema = z.object({
  pid: z.int().positive(),
  /** See {@link processStart}: tells a holder from a later process with the same pid. */
  started: z.string(),
  token: z.uuid(),
  /** Where the holder's API answers, once it does. */
  url: z.string().nullable(),
});
type LockRecord = z.infer<typeof recordSchema>;

/** Who holds a data directory. */
export interface LockHolder {
  pid: number;
  /** Base URL of its API; null while it has none. */
  url: string | null;
}

/** A held data directory. */
export interface DataLock {
  /** Writes the API's address into the lock file, for other processes on this machine. */
  announce(url: string): Promise<void>;
  release(): Promise<void>;
}

const ATTEMPTS = 200;
const ATTEMPT_PAUSE_MS = 10;

/**
 * Takes `<dataDir>/lock` for this process; the directory is made when it is missing. The lock of a process that no longer runs is
 * taken over.
 * @throws HiveError `data_directory` when a running process holds it, or when the directory cannot be written.
 */
export async function lockDataDirectory(dataDir: string): Promise<DataLock> {
  const path = join(dataDir, 'lock');
  const started = processStart(process.pid) ?? 'running';
  let own: LockRecord = { pid: process.pid, started, token: randomUUID(), url: null };
  try {
    makeDirectory(dataDir);
    const holder = await take(path, own);
    if (holder !== null) throw dataHeld(dataDir, holder);
  } catch (error) {
    if (error instanceof HiveError) throw error;
    throw new HiveError('data_directory', `cannot write to the data directory ${dataDir}: ${reasonOf(error)}`, {
      hint: 'name a writable directory with --data, or use PostgreSQL with DATABASE_URL',
      cause: error,
    });
  }
  return {
    async announce(url) {
      own = { ...own, url };
      const draft = await writeDraft(path, own);
      await rename(draft, path);
    },
    async release() {
      if (tokenOf(await readRecord(path)) === own.token) await unlink(path).catch(() => undefined);
    },
  };
}

/** The running process that holds a data directory, or null. */
export async function readLock(dataDir: string): Promise<LockHolder | null> {
  const record = await readRecord(join(dataDir, 'lock'));
  return typeof record === 'object' && runs(record) ? { pid: record.pid, url: record.url } : null;
}

/**
 * Takes a lock file, or returns the living process that holds it. A dead lock may be replaced only by the one who holds a lock of its
 * own on that, named after the dead one: so two never replace it both, nor one the other's.
 */
async function take(path: string, own: LockRecord): Promise<LockRecord | null> {
  const draft = await writeDraft(path, own);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      // A link appears whole or not at all, and never replaces a file that is there.
      if (await linked(draft, path)) return null;
      const found = await readRecord(path);
      if (found === 'missing') continue;
      if (found !== 'torn' && runs(found)) return found;
      const claim = `${path}.${tokenOf(found)}`;
      if ((await take(claim, own)) === null) {
        try {
          if (tokenOf(await readRecord(path)) === tokenOf(found)) {
            await rename(draft, path);
            return null;
          }
        } finally {
          await unlink(claim);
        }
      }
      await sleep(ATTEMPT_PAUSE_MS);
    }
  } finally {
    await unlink(draft).catch(() => undefined);
  }
  throw new Error('its lock file keeps changing');
}

async function writeDraft(path: string, record: LockRecord): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(record)}\n`, { flag: 'wx' });
  return draft;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readRecord(path: string): Promise<LockRecord | 'missing' | 'torn'> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'missing' : 'torn';
  }
}

function tokenOf(record: LockRecord | 'missing' | 'torn'): string {
  return typeof record === 'object' ? record.token : record;
}

function runs(record: LockRecord): boolean {
  return processStart(record.pid) === record.started;
}

/** That a data directory is held by another process, and what to do about it. */
export function dataHeld(dataDir: string, { pid, url = null }: { pid: number; url?: string | null }): HiveError {
  return new HiveError('data_directory', `the data directory ${dataDir} is in use by another Hive (pid ${pid})`, {
    hint: 'stop that process, name another directory with --data, or share a PostgreSQL with DATABASE_URL',
    details: { pid, url },
  });
}

/** Who holds the data directory, when that is what an error says. */
export function holderIn(error: unknown): LockHolder | null {
  if (!(error instanceof HiveError) || error.code !== 'data_directory') return null;
  const { pid, url } = error.details ?? {};
  return typeof pid === 'number' ? { pid, url: typeof url === 'string' ? url : null } : null;
}

function reasonOf(error: unknown): string {
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'part of the path is a file',
    EEXIST: 'it is a file',
  };
  return reasons[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
