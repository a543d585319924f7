import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HiveError } from '@hive/contract';
import { makeDirectory } from '@hive/engine';
import { endOf, joinFleet, membershipSchema, type Membership } from '../joining/membership.js';
import { readJoin, type Join } from '../keys/join-string.js';

const FILE = 'load-generator.json';
const ASK_AGAIN_MS = 1_000;
const HINT = 'set HIVE_JOIN to a join string from hive fleet invite NAME';

/** Where an invitation comes from: it is here, or a file has it as soon as somebody puts it there. */
type InvitedBy = { word: string | null } | { file: string };

/** How long it may wait for a Hive, and who hears that it does. */
interface Waiting {
  signal: AbortSignal;
  wait(text: string): void;
}

/** Who this machine is in its fleet, kept in a directory that only its owner can read. */
export interface KeptMembership {
  membership: Membership;
  keep(membership: Membership): void;
}

/**
 * Takes up the invitation, or goes on as the member that this machine was before.
 * @throws HiveError `validation` where there is neither, and as `joinFleet`.
 */
export async function openMembership(directory: string, by: InvitedBy, waiting: Waiting): Promise<KeptMembership> {
  const path = join(directory, FILE);
  const keep = (membership: Membership): void => {
    writeFileSync(`${path}.new`, `${JSON.stringify(membership)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  const kept = readKept(path);
  let word = 'file' in by ? readWord(by.file) : by.word;
  if (word === null && kept === null && 'file' in by) word = await wordOf(by.file, waiting);
  const invited = word === null ? null : readJoin(word);
  if (kept !== null && (invited === null || invited.id === kept.id)) return { membership: kept, keep };
  if (invited === null)
    throw new HiveError('validation', `this machine belongs to no fleet: no ${path}`, { hint: HINT });
  makeDirectory(directory);
  const membership = await joinWhenAnswered(invited, waiting);
  keep(membership);
  return { membership, keep };
}

/** A load generator may be started before its Hive is: it asks again until somebody answers, or the invitation has expired. */
async function joinWhenAnswered(invited: Join, { signal, wait }: Waiting): Promise<Membership> {
  for (let told = false; ; told = true) {
    try {
      return await joinFleet(invited);
    } catch (error) {
      const isEnd = endOf(invited) < Date.now() || signal.aborted;
      if (isEnd || !(error instanceof HiveError) || error.code !== 'fleet_unreachable') throw error;
      if (!told) wait(`${error.message}: asks again until the invitation expires`);
      await pause(signal);
    }
  }
}

/** The join string, once the file has one: a load generator may be started before anybody invited it. */
async function wordOf(file: string, { signal, wait }: Waiting): Promise<string> {
  wait(`waits for a join string in ${file}: get one with hive fleet invite NAME`);
  for (;;) {
    if (signal.aborted) throw new HiveError('aborted', 'stopped before it had an invitation');
    const word = readWord(file);
    if (word !== null) return word;
    await pause(signal);
  }
}

/** Null: it is not there yet, or empty. @throws HiveError `validation` where it cannot be read. */
function readWord(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new HiveError('validation', `--join-file: ${file} cannot be read (${code})`, {
      hint: 'name a file that this user may read',
      cause,
    });
  }
}

const pause = (signal: AbortSignal): Promise<void> => sleep(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined);

/** Null: there is none. */
function readKept(path: string): Membership | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  try {
    return membershipSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new HiveError('validation', `${path} cannot be read`, { hint: `remove it, and ${HINT}`, cause });
  }
}
