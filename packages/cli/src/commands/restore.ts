import { EXIT } from '@hive/contract';
import type { Command } from 'commander';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { sayRows } from '../print/backup.js';
import { createTerminal } from '../print/terminal.js';

const EXAMPLES = `
The database must be empty: a new directory, or a new database of PostgreSQL.

Examples:
  hive restore hive.backup --data /var/lib/hive
  DATABASE_URL=postgres://hive@127.0.0.1/hive hive restore hive.backup`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<file>', 'file that `hive backup` wrote')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: SharedOptions) => done(await restoreFrom(file, options)));
  addSharedOptions(command);
}

async function restoreFrom(file: string, options: SharedOptions): Promise<number> {
  const config = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ ...config, json, quiet: options.quiet === true });
  const place = { databaseUrl: config.databaseUrl, dataDir: options.data ?? config.dataDirectory };
  const { restore } = await import('@hive/server');
  const report = await restore(place, file);
  terminal.print(`Restored ${sayRows(report)} from ${file}.`);
  if (json) process.stdout.write(`${JSON.stringify({ file, ...report })}\n`);
  return EXIT.passed;
}
