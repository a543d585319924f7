import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, HiveError, type Applied, type DocumentInput } from '@hive/contract';
import { readDocumentFile } from '@hive/engine';
import type { Command } from 'commander';
import { addAskingOptions, ask, type AskingOptions } from '../asking.js';

interface ApplyOptions extends AskingOptions {
  dryRun?: boolean;
  prune?: boolean;
}

const EXAMPLES = `
Examples:
  hive apply hive/ --dry-run        what would change
  hive apply hive/                  targets, channels, schedules, rules and maintenance as the files say
  hive apply hive/ --prune          and what was made from files that are gone is deleted

It goes to the running Hive. docs/as-code.md describes the files.`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<dir>', 'folder with .yaml, .yml and .json files, also in folders within')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--prune', 'delete what was made from files and is in none any more')
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: ApplyOptions) => done(await apply(dir, options)));
  addAskingOptions(command);
}

async function apply(dir: string, { dryRun = false, prune = false, ...options }: ApplyOptions): Promise<number> {
  const files = filesIn(dir);
  const documents = await readAll(files);
  const { client, show } = await ask(options);
  const applied = await client
    .call('applyDocuments', { body: { documents, dryRun, prune } })
    .catch((error: unknown) => {
      throw inFile(error, files);
    });
  show(applied, linesOf(applied));
  return EXIT.passed;
}

/** @throws HiveError `validation` where there are none. */
function filesIn(dir: string): string[] {
  let names: string[];
  try {
    names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new HiveError('validation', `${dir} cannot be read (${code})`, { hint: 'name a folder with files', cause });
  }
  const files = names.filter((name) => /\.(ya?ml|json)$/i.test(name)).toSorted();
  // With --prune, an empty folder would delete everything.
  if (files.length === 0)
    throw new HiveError('validation', `${dir} has no .yaml, .yml or .json file`, {
      hint: 'write one with `hive export DIR`, or see docs/as-code.md',
    });
  return files.map((name) => join(dir, name));
}

/** @throws HiveError `validation` with what is wrong in any of them. */
async function readAll(files: readonly string[]): Promise<DocumentInput[]> {
  const documents: DocumentInput[] = [];
  const wrong: HiveError[] = [];
  for (const file of files) {
    try {
      documents.push(await readDocumentFile(readFileSync(file, 'utf8'), file));
    } catch (error) {
      if (!(error instanceof HiveError)) throw error;
      wrong.push(error);
    }
  }
  const [first] = wrong;
  if (first === undefined) return documents;
  if (wrong.length === 1) throw first;
  throw new HiveError('validation', wrong.map(({ message }) => message).join('\n'), {
    details: { files: wrong.map(({ details }) => details) },
  });
}

/** An error of the server, with the file that it is about. */
function inFile(error: unknown, files: readonly string[]): unknown {
  if (!(error instanceof HiveError)) return error;
  const { code, message, hint, details } = error;
  const file = files[Number(details?.['document'])];
  if (file === undefined) return error;
  return new HiveError(code, `${file}: ${message}`, {
    ...(hint !== undefined && { hint }),
    details: { ...details, file },
  });
}

const WORDS = { created: 'created', changed: 'changed', deleted: 'deleted' } as const;
const PLANNED = { created: 'would be created', changed: 'would be changed', deleted: 'would be deleted' } as const;

function linesOf({ dryRun, changes }: Applied): string[] {
  const words = dryRun ? PLANNED : WORDS;
  const lines = changes.flatMap(({ kind, id, change }) =>
    change === 'unchanged' ? [] : [`${kind} ${id}: ${words[change]}`],
  );
  const same = changes.length - lines.length;
  if (lines.length === 0) return [`Nothing to change: ${same} as described.`];
  return same === 0 ? lines : [...lines, `${same} as described already.`];
}
