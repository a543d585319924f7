import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  EXIT,
  HiveError,
  REPORT_FORMAT_NAMES,
  reportFileName,
  reportFormatSchema,
  type ReportFormat,
} from '@hive/contract';
import { renderReport } from '@hive/report';
import { InvalidArgumentError, type Command } from 'commander';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { createTerminal } from '../print/terminal.js';
import { writeReport } from '../reporting.js';
import { reportNamed } from '../session-files.js';

interface ReportOptions extends SharedOptions {
  format?: ReportFormat[];
  out?: string;
}

const EXAMPLES = `
Examples:
  hive report                                             the newest stored session, as text
  hive report ses_… --format html,pdf --out reports       files named after the session
  hive report --format json > before.json                 everything, to be kept or compared
  hive report before.json --format md                     from a file: no server and no database

Formats: ${REPORT_FORMAT_NAMES.join(', ')}`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('[session]', 'id of a stored session, or a report file (default: the newest stored session)')
    .option('--format <list>', 'formats to write, such as md,junit (default: text)', formatsOption)
    .option('--out <dir>', 'write files into this directory (default: one format to stdout)')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: ReportOptions) => done(await report(name, options)));
  addSharedOptions(command);
}

async function report(name: string | undefined, given: ReportOptions): Promise<number> {
  const config = loadCliConfig();
  const terminal = createTerminal({ ...config, json: given.json === true, quiet: given.quiet === true });
  const formats = given.format ?? [given.json === true && given.out === undefined ? 'json' : 'text'];
  const [first, ...others] = formats as [ReportFormat, ...ReportFormat[]];
  if (given.out === undefined) checkStdout(first, { others, json: given.json === true });
  const data = await reportNamed(name, { dataDirectory: given.data ?? config.dataDirectory, config });
  if (given.out === undefined) {
    for await (const part of renderReport(data, first)) await written(part);
    return EXIT.passed;
  }
  makeFolder(given.out);
  const files = formats.map((format) => ({ format, path: join(given.out!, reportFileName(data.session.id, format)) }));
  for (const { format, path } of files) {
    await writeReport(data, format, { path, option: '--out' });
    terminal.print(path);
  }
  if (given.json === true)
    process.stdout.write(`${JSON.stringify({ version: 1, session_id: data.session.id, files })}\n`);
  return EXIT.passed;
}

/** @throws HiveError `validation`: standard output takes one format, and a terminal takes no PDF. */
function checkStdout(format: ReportFormat, { others, json }: { others: readonly ReportFormat[]; json: boolean }): void {
  const hint = 'name a directory with --out DIR';
  if (others.length > 0) throw new HiveError('validation', '--format: several formats do not fit on stdout', { hint });
  if (json && format !== 'json')
    throw new HiveError('validation', `--json: stdout takes either JSON or ${format}`, { hint });
  if (format === 'pdf' && process.stdout.isTTY)
    throw new HiveError('validation', '--format: a terminal cannot show a PDF', { hint });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new HiveError('validation', `--out: ${path} cannot be created (${(cause as NodeJS.ErrnoException).code})`, {
      hint: 'name a directory with write permission',
      cause,
    });
  }
}

/** Waits for a slow reader. */
function written(part: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(part, (error) => (error ? reject(error) : resolve()));
  });
}

function formatsOption(text: string): ReportFormat[] {
  const formats = text.split(',').map((name) => {
    const format = reportFormatSchema.safeParse(name.trim());
    if (!format.success)
      throw new InvalidArgumentError(`'${name}' is not a format. Formats: ${REPORT_FORMAT_NAMES.join(', ')}.`);
    return format.data;
  });
  return [...new Set(formats)];
}
