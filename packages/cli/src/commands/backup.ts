import { EXIT } from '@hive/contract';
import type { Command } from 'commander';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { sayRows } from '../print/backup.js';
import { createTerminal } from '../print/terminal.js';

interface Options extends SharedOptions {
  withSecrets?: boolean;
}

const EXAMPLES = `
Stop Hive first, if it uses the embedded database.

Examples:
  hive backup hive.backup                                  the embedded database in .hive
  DATABASE_URL=postgres://hive@127.0.0.1/hive hive backup hive.backup`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<file>', 'file to write')
    .option('--with-secrets', 'keep the values of headers such as authorization and cookie')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: Options) => done(await backUp(file, options)));
  addSharedOptions(command);
}

async function backUp(file: string, options: Options): Promise<number> {
  const config = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ ...config, json, quiet: options.quiet === true });
  const place = { databaseUrl: config.databaseUrl, dataDir: options.data ?? config.dataDirectory };
  const { backup } = await import('@hive/server');
  const report = await backup(place, file, { secrets: options.withSecrets === true });
  terminal.print(`Wrote ${sayRows(report)} to ${file}.`);
  if (json) process.stdout.write(`${JSON.stringify({ file, ...report })}\n`);
  return EXIT.passed;
}
