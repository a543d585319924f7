import { EXIT, HiveError, markInputSchema, type Labels, type Mark, type MarkInput } from '@hive/contract';
import type { Command } from 'commander';
import { labelOption } from '../arguments/option.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig, type CliConfig } from '../config.js';
import { createTerminal } from '../print/terminal.js';
import { clientOf } from '../running.js';

interface MarkOptions extends SharedOptions {
  target?: string;
  at?: string;
  url?: string;
  label?: Labels;
}

const EXAMPLES = `
Examples:
  hive mark 'shop 4.2.1'                                        it happened now, and concerns every target
  hive mark 'shop 4.2.1' --target shop --at 2026-01-31T12:00:00Z
  hive mark "$(git describe)" --label branch=main --url https://example.org/releases/4.2.1

A change of a limit names the marks between the last session before it and the first after it.`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<text>', 'what happened, such as a version')
    .option('--target <id>', 'the target that it concerns (default: all)')
    .option('--at <time>', 'when, as an ISO 8601 time such as 2026-01-31T12:00:00Z (default: now)')
    .option('--url <url>', 'a page that says more')
    .option('--label <name=value>', 'label, such as branch=main, repeatable', labelOption)
    .addHelpText('after', EXAMPLES)
    .action(async (text: string, options: MarkOptions) => done(await mark(text, options)));
  addSharedOptions(command);
}

async function mark(text: string, given: MarkOptions): Promise<number> {
  const config = loadCliConfig();
  const json = given.json === true;
  const terminal = createTerminal({ ...config, json, quiet: given.quiet === true });
  const { target, at, url, label: labels } = given;
  const asked = checked({ text, target, at, url, labels });
  const made = await record(asked, { dataDir: given.data ?? config.dataDirectory, config });
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, mark: made })}\n`);
  terminal.print(`Recorded '${made.text}' at ${made.at}${made.target === null ? '' : ` for ${made.target}`}.`);
  return EXIT.passed;
}

/** @throws HiveError `validation` naming the options. */
function checked(input: { [Name in keyof MarkInput]: MarkInput[Name] | undefined }): MarkInput {
  const result = markInputSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: [field], message }) => `${nameOf(field)}: ${message}`);
  throw new HiveError('validation', problems.join('; '), { hint: 'see hive mark --help' });
}

function nameOf(field: PropertyKey | undefined): string {
  return field === 'text' ? field : `--${String(field)}`;
}

/** In the store, or at the running Hive that holds it. @throws HiveError `data_directory`, `database_unreachable`, `not_found`. */
async function record(input: MarkInput, { dataDir, config }: { dataDir: string; config: CliConfig }): Promise<Mark> {
  const { dataHeld, openData } = await import('@hive/server');
  const data = await openData({ databaseUrl: config.databaseUrl, dataDir });
  if ('at' in data) return clientOf(data.at, config, dataDir).call('createMark', { body: input });
  if ('heldBy' in data) throw dataHeld(dataDir, { pid: data.heldBy });
  try {
    return await data.here.mark(input);
  } finally {
    await data.here.close();
  }
}
