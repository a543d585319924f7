import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = dirname(import.meta.dirname);
const HIVE = join(ROOT, 'packages/cli/bin/hive.js');
const MIGRATIONS = join(ROOT, 'packages/server/drizzle');
const KEPT = join(ROOT, 'node_modules/.hive');
/** The embedded database as the server finds it. */
const PGLITE = createRequire(join(ROOT, 'packages/server/package.json')).resolve('@electric-sql/pglite');

let program: Promise<WebAssembly.Module> | null = null;

/**
 * A new data directory whose database is made and migrated already: to make one takes seconds of processor time, to copy one does not.
 * For tests that are not about the making.
 */
export async function preparedData(prefix: string): Promise<string> {
  // As long as one holds it, Node keeps it compiled for every database of this process: two seconds of processor time each.
  program ??= readFile(join(dirname(PGLITE), 'pglite.wasm')).then((bytes) => WebAssembly.compile(bytes));
  await program;
  const directory = await mkdtemp(join(tmpdir(), prefix));
  // A thousand files: Node's own copy takes ten times as long.
  await promisify(execFile)('cp', ['-R', `${template()}/.`, directory]);
  return directory;
}

/** Vitest calls this once before any test: makes what is copied, where an earlier run has not made it. */
export function setup(): void {
  const place = template();
  if (existsSync(place)) return;
  mkdirSync(KEPT, { recursive: true });
  const making = mkdtempSync(join(KEPT, 'making-'));
  execFileSync(process.execPath, [HIVE, 'migrate', '--data', making], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    renameSync(making, place);
  } catch (error) {
    // Another run of this clone was quicker.
    if (!existsSync(place)) throw error;
    rmSync(making, { recursive: true });
  }
}

/** Named after all that decides what a new database looks like. */
function template(): string {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  for (const name of readdirSync(MIGRATIONS, { recursive: true, encoding: 'utf8' }).toSorted())
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(MIGRATIONS, name)));
  return join(KEPT, `prepared-data-${hash.digest('hex').slice(0, 16)}`);
}
