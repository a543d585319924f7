import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ceilingSchema, HiveError, type Ceiling } from '@hive/contract';
import { makeDirectory } from '../make-directory.js';

const FILE = 'ceiling.json';

/** Keeps what the doctor measured in a data directory. Returns the file's path. @throws HiveError `data_directory`. */
export function keepCeiling(dataDirectory: string, ceiling: Ceiling): string {
  const path = join(dataDirectory, FILE);
  const draft = `${path}.${process.pid}`;
  try {
    makeDirectory(dataDirectory);
    writeFileSync(draft, `${JSON.stringify(ceiling, null, 2)}\n`);
    renameSync(draft, path);
  } catch (cause) {
    removeQuietly(draft);
    const code = (cause as NodeJS.ErrnoException).code;
    throw new HiveError('data_directory', `${path} cannot be written (${code})`, {
      hint: 'name a writable directory with --data',
      cause,
    });
  }
  return path;
}

/** Reads what the doctor measured; `ignored` says in words why there is a file that does not count. */
export function readCeiling(dataDirectory: string): { ceiling: Ceiling | null; ignored: string | null } {
  const path = join(dataDirectory, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      ceiling: null,
      ignored: code === 'ENOENT' ? null : `${path} cannot be read (${code}); run hive doctor again`,
    };
  }
  const parsed = ceilingSchema.safeParse(parseJson(text));
  if (!parsed.success) return { ceiling: null, ignored: `${path} is not a result of hive doctor; run it again` };
  const { machine } = parsed.data;
  const same = machine.host === hostname() && machine.node.split('.')[0] === process.versions.node.split('.')[0];
  if (same) return { ceiling: parsed.data, ignored: null };
  return { ceiling: null, ignored: `${path} was measured on another machine or Node version; run hive doctor again` };
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The directory may be no directory at all: what cannot be removed was not written.
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
