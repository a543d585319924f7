import {
  createTokenSchema,
  EXIT,
  HiveError,
  type ApiToken,
  type CreateToken,
  type Labels,
  type Role,
} from '@hive/contract';
import { Argument, Option, type Command } from 'commander';
import { durationOption, labelOption } from '../arguments/option.js';
import { addAskingOptions, ask, type AskingOptions } from '../asking.js';

interface TokenOptions extends AskingOptions {
  role?: Role;
  target?: Labels;
  expiresIn?: number;
}

const ACTIONS = ['list', 'add', 'revoke'] as const;
type Action = (typeof ACTIONS)[number];

const EXAMPLES = `
Examples:
  hive token                                                    your tokens, and when each was last used
  hive token add 'CI of shop' --role operator --target team=shop --expires-in 2160h
  HIVE_API_TOKEN=hive_… hive verify shop --at 300/s             a command that shows it
  hive token revoke 1f0c…

A token may at most do what its maker may now. It is printed once. docs/accounts.md explains accounts.`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .addArgument(new Argument('[action]', 'what to do').choices(ACTIONS).default('list'))
    .argument('[which]', 'the name of a new token, else the id of one')
    .addOption(new Option('--role <role>', 'what it may do (default: viewer)').choices(['viewer', 'operator', 'admin']))
    .option('--target <name=value>', 'only targets that have this label, repeatable', labelOption)
    .option('--expires-in <duration>', 'such as 720h (default: never)', durationOption)
    .addHelpText('after', EXAMPLES)
    .action(async (action: Action, which: string | undefined, options: TokenOptions) =>
      done(await token(action, which, options)),
    );
  addAskingOptions(command);
}

async function token(action: Action, which: string | undefined, options: TokenOptions): Promise<number> {
  if (action !== 'list' && which === undefined) {
    const missing = action === 'add' ? 'a name' : 'the id of a token';
    throw new HiveError('validation', `hive token ${action} needs ${missing}`, { hint: 'see hive token --help' });
  }
  const { client, show } = await ask(options);
  if (action === 'list' || which === undefined) {
    const { tokens } = await client.call('listTokens');
    show({ tokens }, tokens.length === 0 ? ['There are no tokens.'] : tokens.map(lineOf));
  } else if (action === 'add') {
    const made = await client.call('createToken', { body: inputOf(which, options) });
    show({ token: made }, [`Made ${lineOf(made)}`, `Token: ${made.token}  (it is shown only now)`]);
  } else {
    await client.call('revokeToken', { params: { id: which } });
    show({ revoked: which }, [`Revoked ${which}.`]);
  }
  return EXIT.passed;
}

/** @throws HiveError `validation` naming the options. */
function inputOf(name: string, { role = 'viewer', target, expiresIn }: TokenOptions): CreateToken {
  const expiresAt = expiresIn === undefined ? undefined : new Date(Date.now() + expiresIn).toISOString();
  const input = { name, role, ...(target && { targets: target }), ...(expiresAt && { expiresAt }) };
  const result = createTokenSchema.safeParse(input);
  if (result.success) return input;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new HiveError('validation', problems.join('; '), { hint: 'see hive token --help' });
}

function lineOf({ id, name, role, targets, maker, expiresAt, expired, lastSeenAt }: ApiToken): string {
  const only = Object.entries(targets ?? {}).map(([key, value]) => ` ${key}=${value}`);
  const parts = [
    id,
    name,
    `${role}${only.length === 0 ? '' : ` only${only.join('')}`}`,
    maker === null ? null : `of ${maker}`,
    expiresAt === null ? 'never expires' : `${expired ? 'expired' : 'expires'} ${expiresAt}`,
    lastSeenAt === null ? 'never used' : `last used ${lastSeenAt}`,
  ];
  return parts.filter((part) => part !== null).join('  ');
}
