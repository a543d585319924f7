import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EXIT, HiveError, userInputSchema, type Labels, type Role, type User, type UserInput } from '@hive/contract';
import type { LocalAccounts } from '@hive/server';
import { Argument, Option, type Command } from 'commander';
import { labelOption } from '../arguments/option.js';
import { addAskingOptions, ask, type AskingOptions } from '../asking.js';
import { loadCliConfig } from '../config.js';

interface UserOptions extends AskingOptions {
  role?: Role;
  name?: string;
  target?: Labels;
  allTargets?: boolean;
  passwordFile?: string;
}

const ACTIONS = ['list', 'add', 'change', 'password', 'sign-out', 'remove'] as const;
type Action = (typeof ACTIONS)[number];

const EXAMPLES = `
Examples:
  hive user                                              who may sign in
  hive user add ada@example.org --role admin             prints a password for them; the first must be an admin
  hive user add bob@example.org --role operator --target team=shop --password-file bob.txt
  hive user change bob@example.org --role viewer
  hive user password bob@example.org                     prints a new one, and signs them out everywhere
  hive user sign-out bob@example.org
  hive user remove bob@example.org

Roles: viewer reads, operator also measures, admin may do everything. From the first user on, everyone signs in.
It asks the running Hive, or opens the data that none holds. docs/accounts.md explains accounts.`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .addArgument(new Argument('[action]', 'what to do').choices(ACTIONS).default('list'))
    .argument('[email]', 'of whom')
    .addOption(new Option('--role <role>', 'what they may do').choices(['viewer', 'operator', 'admin']))
    .option('--name <name>', 'how others see them (default: the e-mail address)')
    .option('--target <name=value>', 'only targets that have this label, repeatable', labelOption)
    .option('--all-targets', 'not only some targets any more')
    .option('--password-file <file>', 'file whose first line is the password; - is stdin')
    .addHelpText('after', EXAMPLES)
    .action(async (action: Action, email: string | undefined, options: UserOptions) =>
      done(await user(action, email, options)),
    );
  addAskingOptions(command);
}

async function user(action: Action, email: string | undefined, options: UserOptions): Promise<number> {
  if (action !== 'list' && email === undefined) {
    throw new HiveError('validation', `hive user ${action} needs an e-mail address`, { hint: 'see hive user --help' });
  }
  const { accounts, show, close } = await openAccounts(options);
  try {
    if (action === 'list' || email === undefined) {
      const users = await accounts.list();
      show({ users }, users.length === 0 ? ['Nobody has an account: Hive asks nobody to sign in.'] : users.map(lineOf));
    } else if (action === 'add') {
      const password = passwordIn(options) ?? newPassword();
      const made = await accounts.add(checked({ ...inputOf(options), email, password }));
      show({ user: made, ...told(options, password) }, [`Added ${lineOf(made)}`, ...say(options, password)]);
    } else await change(accounts, { action, email, options, show });
    return EXIT.passed;
  } finally {
    await close();
  }
}

type Show = (answer: object, lines: readonly string[]) => void;

async function change(
  accounts: LocalAccounts,
  given: { action: Exclude<Action, 'list' | 'add'>; email: string; options: UserOptions; show: Show },
): Promise<void> {
  const { action, email, options, show } = given;
  const found = (await accounts.list()).find((one) => one.email === email.trim().toLowerCase());
  if (found === undefined) {
    throw new HiveError('not_found', `nobody has the e-mail address ${email}`, { hint: 'see hive user list' });
  }
  const { id, name, role, targets } = found;
  if (action === 'remove') {
    await accounts.remove(id);
    show({ removed: id }, [`Removed ${found.email}.`]);
  } else if (action === 'sign-out') {
    const ended = await accounts.signOut(id);
    show({ ended }, [`Signed ${found.email} out of ${ended} ${ended === 1 ? 'browser' : 'browsers'}.`]);
  } else if (action === 'password') {
    const password = passwordIn(options) ?? newPassword();
    const changed = await accounts.replace(id, checked({ email: found.email, name, role, targets, password }));
    show({ user: changed, ...told(options, password) }, [
      `${found.email} has a new password.`,
      ...say(options, password),
    ]);
  } else {
    const input = inputOf(options, { name, role, targets });
    const changed = await accounts.replace(id, checked({ email: found.email, ...input }));
    show({ user: changed }, [lineOf(changed)]);
  }
}

/** Those of the running Hive, or of the data that none holds. @throws HiveError `data_directory` where a command holds it. */
async function openAccounts(
  options: UserOptions,
): Promise<{ accounts: LocalAccounts; show: Show; close: () => Promise<void> }> {
  const { client, show } = await ask(options);
  const config = loadCliConfig();
  const { openData, dataHeld } = await import('@hive/server');
  const dataDir = options.data ?? config.dataDirectory;
  const data = options.url === undefined ? await openData({ databaseUrl: config.databaseUrl, dataDir }) : null;
  if (data !== null && 'heldBy' in data) throw dataHeld(dataDir, { pid: data.heldBy });
  if (data !== null && 'here' in data) return { accounts: data.here.accounts, show, close: () => data.here.close() };
  const accounts: LocalAccounts = {
    list: async () => (await client.call('listUsers')).users,
    add: (body) => client.call('createUser', { body }),
    replace: (id, body) => client.call('replaceUser', { params: { id }, body }),
    remove: async (id) => void (await client.call('deleteUser', { params: { id } })),
    signOut: async (id) => (await client.call('endSessions', { params: { id } })).ended,
  };
  return { accounts, show, close: async () => undefined };
}

function inputOf(options: UserOptions, before?: Pick<User, 'name' | 'role' | 'targets'>) {
  const name = options.name ?? before?.name;
  const targets = options.allTargets === true ? null : (options.target ?? before?.targets ?? null);
  return { ...(name !== undefined && { name }), role: options.role ?? before?.role ?? 'viewer', targets };
}

/** @throws HiveError `validation` naming the options. */
function checked(input: UserInput): UserInput {
  const result = userInputSchema.safeParse(input);
  if (result.success) return input;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new HiveError('validation', problems.join('; '), { hint: 'see hive user --help' });
}

/** Undefined: none is given. @throws HiveError `validation` when the file cannot be read. */
function passwordIn({ passwordFile }: UserOptions): string | undefined {
  if (passwordFile === undefined) return undefined;
  try {
    return readFileSync(passwordFile === '-' ? process.stdin.fd : passwordFile, 'utf8').split(/\r?\n/, 1)[0];
  } catch {
    throw new HiveError('validation', `the file ${passwordFile} cannot be read`, {
      hint: 'name a file with --password-file',
    });
  }
}

/** 120 bits in letters that nobody mistakes for others. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789x';
  return [...randomBytes(24)]
    .map((byte) => letters[byte % 32])
    .join('')
    .replaceAll(/(.{6})(?=.)/g, '$1-');
}

/** A password that was given is known to who gave it. */
const told = ({ passwordFile }: UserOptions, password: string): object =>
  passwordFile === undefined ? { password } : {};
const say = ({ passwordFile }: UserOptions, password: string): string[] =>
  passwordFile === undefined ? [`Password: ${password}  (it is shown only now)`] : [];

function lineOf({ email, name, role, targets, lastSeenAt }: User): string {
  const only =
    targets === null
      ? ''
      : `  only ${Object.entries(targets)
          .map(([key, value]) => `${key}=${value}`)
          .join(' ')}`;
  return `${email}  ${role}${only}${name === email ? '' : `  ${name}`}  ${lastSeenAt === null ? 'never signed in' : `last seen ${lastSeenAt}`}`;
}
