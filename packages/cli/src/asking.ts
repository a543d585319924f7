import { HiveError, type Client } from '@hive/contract';
import type { Command } from 'commander';
import { addSharedOptions, type SharedOptions } from './arguments/shared-options.js';
import { loadCliConfig } from './config.js';
import { createTerminal, type Terminal } from './print/terminal.js';
import { clientOf } from './running.js';

/** Options of the commands that only ask a running Hive. */
export interface AskingOptions extends SharedOptions {
  url?: string;
}

export function addAskingOptions(command: Command): Command {
  return addSharedOptions(command).option(
    '--url <url>',
    'the running Hive (default: the one that holds --data, else http://127.0.0.1:8000)',
  );
}

/** The running Hive, and where its answers are printed. `show`: the object with --json, else the lines. */
export interface Asking {
  client: Client;
  terminal: Terminal;
  show(answer: object, lines: readonly string[]): void;
}

const USUAL_URL = 'http://127.0.0.1:8000';

/** @throws HiveError `data_directory` where a command, and no Hive, holds the data. */
export async function ask(given: AskingOptions): Promise<Asking> {
  const config = loadCliConfig();
  const json = given.json === true;
  const terminal = createTerminal({ ...config, json, quiet: given.quiet === true });
  const { dataHolder } = await import('@hive/server');
  const dataDirectory = given.data ?? config.dataDirectory;
  const holder = given.url === undefined ? await dataHolder(dataDirectory) : null;
  const url = given.url ?? (holder !== null && 'at' in holder ? holder.at : USUAL_URL);
  return {
    client: reaching(clientOf(url, config, dataDirectory), url),
    terminal,
    show(answer, lines) {
      if (json) process.stdout.write(`${JSON.stringify({ version: 1, ...answer })}\n`);
      for (const line of lines) terminal.print(line);
    },
  };
}

/** The same client, which says how to start what does not answer. */
function reaching(client: Client, url: string): Client {
  return {
    ...client,
    async call(name, ...input) {
      try {
        return await client.call(name, ...input);
      } catch (error) {
        if (error instanceof HiveError) throw error;
        throw new HiveError('target_unreachable', `no Hive answers at ${url}`, {
          hint: 'start one with `hive up`, or name it with --url',
          cause: error,
        });
      }
    },
  };
}
