import { loadCliConfig, type CliConfig } from './config.js';
import { createTerminal, type Terminal } from './print/terminal.js';
import { withStoredSecrets } from './stored-secrets.js';

/** Options of commands that measure. */
interface Given {
  data?: string;
  json?: boolean;
  quiet?: boolean;
  header?: [string, string][];
  body?: string;
}

/** What {@link begin} gives. */
export interface Begun {
  config: CliConfig;
  terminal: Terminal;
  tell: (text: string) => void;
}

/** What a command that measures begins with: the environment, with the stored secrets that its target needs, and where it prints. */
export async function begin(given: Given, named: readonly (string | undefined)[]): Promise<Begun> {
  const own = loadCliConfig();
  const terminal = createTerminal({ ...own, json: given.json === true, quiet: given.quiet === true });
  const tell = (text: string): void => terminal.progress(`hive: ${text}`);
  const texts = [...named, given.header, given.body];
  const config = await withStoredSecrets(own, { texts, dataDirectory: given.data ?? own.dataDirectory, tell });
  return { config, terminal, tell };
}
