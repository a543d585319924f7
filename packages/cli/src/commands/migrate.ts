import { EXIT } from '@hive/contract';
import type { Command } from 'commander';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { createTerminal } from '../print/terminal.js';

const EXAMPLES = `
Examples:
  hive migrate                                             the embedded database in .hive
  DATABASE_URL=postgres://hive@127.0.0.1/hive hive migrate`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command.addHelpText('after', EXAMPLES).action(async (options: SharedOptions) => done(await migrateDatabase(options)));
  addSharedOptions(command);
}

async function migrateDatabase(options: SharedOptions): Promise<number> {
  const config = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ ...config, json, quiet: options.quiet === true });
  const { migrate } = await import('@hive/server');
  const applied = await migrate({ databaseUrl: config.databaseUrl, dataDir: options.data ?? config.dataDirectory });
  terminal.print(
    applied === 0 ? 'The database is up to date.' : `Applied ${applied} ${applied === 1 ? 'migration' : 'migrations'}.`,
  );
  if (json) process.stdout.write(`${JSON.stringify({ applied })}\n`);
  return EXIT.passed;
}
