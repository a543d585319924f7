import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { createInterface } from 'node:readline/promises';
import { EXIT, HiveError, secretNameSchema, secretValueSchema, type StoredSecret } from '@hive/contract';
import type { LocalSecrets } from '@hive/server';
import { Argument, type Command } from 'commander';
import { addAskingOptions, ask, type AskingOptions } from '../asking.js';
import { loadCliConfig } from '../config.js';

interface SecretOptions extends AskingOptions {
  file?: string;
}

const ACTIONS = ['list', 'set', 'remove'] as const;
type Action = (typeof ACTIONS)[number];

const EXAMPLES = `
Examples:
  hive secret                                          the names of what is stored
  hive secret set PD_SHOP                              asks for the value, or reads it from stdin
  hive secret set HIVE_SECRET_TOKEN --file token.txt   a target may use it as \${HIVE_SECRET_TOKEN}
  hive secret remove PD_SHOP

Channels use any of them as \${NAME}, targets those that begin with HIVE_SECRET_. Values are encrypted and never shown.
It asks the running Hive, or opens the data that none holds. docs/channels.md explains secrets.`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .addArgument(new Argument('[action]', 'what to do').choices(ACTIONS).default('list'))
    .argument('[name]', 'of the secret, such as PD_SHOP')
    .option('--file <file>', 'file that holds the value (default: stdin); an end of line at its end is left out')
    .addHelpText('after', EXAMPLES)
    .action(async (action: Action, name: string | undefined, options: SecretOptions) =>
      done(await secret(action, name, options)),
    );
  addAskingOptions(command);
}

async function secret(action: Action, given: string | undefined, options: SecretOptions): Promise<number> {
  const name = action === 'list' ? '' : nameOf(action, given);
  const value = action === 'set' ? await valueOf(name, options) : '';
  const { secrets, show, close } = await openSecrets(options);
  try {
    if (action === 'list') {
      const stored = await secrets.list();
      show({ secrets: stored }, stored.length === 0 ? ['No secret is stored.'] : stored.map(lineOf));
    } else if (action === 'set') {
      const stored = await secrets.set(name, value);
      show({ secret: stored }, [`Stored ${name}.`]);
    } else {
      await secrets.remove(name);
      show({ removed: name }, [`Removed ${name}.`]);
    }
    return EXIT.passed;
  } finally {
    await close();
  }
}

type Show = (answer: object, lines: readonly string[]) => void;

/** Those of the running Hive, or of the data that none holds. @throws HiveError `data_directory` where a command holds it. */
async function openSecrets(
  options: SecretOptions,
): Promise<{ secrets: LocalSecrets; show: Show; close: () => Promise<void> }> {
  const { client, show } = await ask(options);
  const { databaseUrl, dataDirectory, encryptionKeyFile } = loadCliConfig();
  const { openData, dataHeld } = await import('@hive/server');
  const dataDir = options.data ?? dataDirectory;
  const data = options.url === undefined ? await openData({ databaseUrl, dataDir, encryptionKeyFile }) : null;
  if (data !== null && 'heldBy' in data) throw dataHeld(dataDir, { pid: data.heldBy });
  if (data !== null && 'here' in data) return { secrets: data.here.secrets, show, close: () => data.here.close() };
  const secrets: LocalSecrets = {
    list: async () => (await client.call('listSecrets')).secrets,
    set: (name, value) => client.call('setSecret', { params: { name }, body: { value } }),
    remove: async (name) => void (await client.call('deleteSecret', { params: { name } })),
  };
  return { secrets, show, close: async () => undefined };
}

/** @throws HiveError `validation` where there is none, or it is no name. */
function nameOf(action: Action, given: string | undefined): string {
  const checked = secretNameSchema.safeParse(given);
  if (checked.success) return checked.data;
  const problem =
    given === undefined ? `hive secret ${action} needs a name` : `name: ${checked.error.issues[0]?.message}`;
  throw new HiveError('validation', problem, { hint: 'see hive secret --help' });
}

/** @throws HiveError `validation` where it cannot be read, or is none. */
async function valueOf(name: string, { file }: SecretOptions): Promise<string> {
  const value = file === undefined && process.stdin.isTTY ? await typed(name) : read(file).replace(/\r?\n$/, '');
  const checked = secretValueSchema.safeParse({ value });
  if (checked.success) return value;
  throw new HiveError('validation', `value: ${checked.error.issues[0]?.message}`, {
    hint: 'give it on stdin, or name a file with --file',
  });
}

function read(file: string | undefined): string {
  try {
    return readFileSync(file === undefined || file === '-' ? process.stdin.fd : file, 'utf8');
  } catch {
    throw new HiveError('validation', `the file ${file ?? '-'} cannot be read`, { hint: 'name a file with --file' });
  }
}

/** What is typed is not shown. */
async function typed(name: string): Promise<string> {
  process.stderr.write(`Value of ${name} (it is not shown): `);
  const hidden = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

function lineOf({ name, changedAt, isSet, forTargets }: StoredSecret): string {
  const state = isSet ? `set ${changedAt}` : 'has no value: it was left out of a backup, and must be set again';
  return `${name}  ${forTargets ? 'targets and channels' : 'channels'}  ${state}`;
}
