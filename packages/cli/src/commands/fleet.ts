import { EXIT, HiveError, type LoadGenerator } from '@hive/contract';
import { Argument, type Command } from 'commander';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig, type CliConfig } from '../config.js';
import { fleetOf, keysOf } from '../fleet-load.js';
import { fleetLines } from '../print/fleet.js';
import { createTerminal, type Terminal } from '../print/terminal.js';

type Action = 'list' | 'init' | 'invite' | 'revoke';

interface FleetOptions extends SharedOptions {
  region?: string;
  listen: string;
  tlsCert?: string;
  tlsKey?: string;
}

const EXAMPLES = `
Examples:
  hive fleet                            the load generators of the fleet, and how each is
  hive fleet init fleet                 the keys of a fleet, and fleet/nats.conf for nats-server -c
  export NATS_URL=nats://127.0.0.1:4222 HIVE_FLEET_KEYS=fleet
  hive fleet invite eu-1 --region eu    prints a join string for one load generator; a secret, good once within 15 minutes
  hive fleet revoke eu-1                ends the membership of that load generator`;

const ACTIONS: Record<Action, (what: string, given: { options: FleetOptions; config: CliConfig }) => Promise<Done>> = {
  list,
  init,
  invite: inviteOne,
  revoke: revokeOne,
};

/** What was done, for scripts and for people. */
interface Done {
  json: Record<string, unknown>;
  say(terminal: Terminal): void;
}

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .addArgument(new Argument('[action]', 'what to do').choices(Object.keys(ACTIONS)).default('list'))
    .argument('[what]', 'init: a directory; invite and revoke: the name of a load generator')
    .option('--region <region>', 'invite: where the load generator is, such as eu')
    .option('--listen <address>', 'init: where the NATS server listens', '127.0.0.1:4222')
    .option('--tls-cert <file>', 'init: certificate of the NATS server')
    .option('--tls-key <file>', 'init: the key of that certificate')
    .addHelpText('after', EXAMPLES)
    .action(async (action: Action, what: string | undefined, options: FleetOptions) => {
      const config = loadCliConfig();
      const json = options.json === true;
      const { json: result, say } = await ACTIONS[action](namedFor(action, what), { options, config });
      if (json) process.stdout.write(`${JSON.stringify({ version: 1, ...result })}\n`);
      say(createTerminal({ ...config, json, quiet: options.quiet === true }));
      done(EXIT.passed);
    });
  addSharedOptions(command);
}

/** @throws HiveError `validation` where it is missing. */
function namedFor(action: Action, what: string | undefined): string {
  if (what !== undefined || action === 'list') return what ?? '';
  throw new HiveError('validation', `hive fleet ${action} needs ${action === 'init' ? 'a directory' : 'a name'}`, {
    hint: 'see hive fleet --help',
  });
}

/** Who answers within this time is there. */
const ANSWER_MS = 2_000;
const TRY_MS = 50;

async function list(_: string, { config }: { config: CliConfig }): Promise<Done> {
  const { shownGenerators, startHub } = await import('@hive/fleet');
  const hub = await startHub(await fleetOf(config));
  const isAwaited = ({ joined, state }: LoadGenerator): boolean => joined && state === 'never_seen';
  try {
    for (let waitedMs = 0; waitedMs < ANSWER_MS && shownGenerators(hub.all()).some(isAwaited); waitedMs += TRY_MS)
      await new Promise((resolve) => setTimeout(resolve, TRY_MS));
    // Here nobody was seen before.
    const loadGenerators = shownGenerators(hub.all()).map((one) =>
      isAwaited(one) ? { ...one, state: 'stale' as const } : one,
    );
    return {
      json: { loadGenerators },
      say: (terminal) => terminal.print(fleetLines(loadGenerators).join('\n')),
    };
  } finally {
    await hub.close();
  }
}

async function init(directory: string, { options }: { options: FleetOptions }): Promise<Done> {
  const { initFleet } = await import('@hive/fleet');
  const tls = tlsOf(options);
  const path = initFleet(directory, { listen: options.listen, ...(tls === null ? {} : { tls }) });
  return {
    json: { directory, config: path },
    say(terminal) {
      terminal.print(`Made the keys of a fleet in ${directory}. Whoever has them can send load from all its machines.`);
      terminal.print(`Start the NATS server with: nats-server -c ${path}`);
      if (tls === null)
        terminal.print('Connections are not encrypted: for other machines, give --tls-cert and --tls-key.');
    },
  };
}

async function inviteOne(name: string, { options, config }: { options: FleetOptions; config: CliConfig }) {
  const { invite } = await import('@hive/fleet');
  const region = options.region ?? null;
  const { join, untilMs } = await invite(await fleetOf(config), { name, region });
  const until = new Date(untilMs).toISOString();
  return {
    json: { name, region, join, until },
    say(terminal: Terminal) {
      terminal.print(join);
      terminal.progress(`hive: a secret, good once until ${until}.`);
    },
  };
}

async function revokeOne(name: string, { config }: { config: CliConfig }): Promise<Done> {
  const { createFileRoll, revoke } = await import('@hive/fleet');
  await revoke(createFileRoll(keysOf(config)), name);
  return {
    json: { name, revoked: true },
    say: (terminal) => terminal.print(`Revoked ${name}. Its credential ends within the hour; no Hive listens to it.`),
  };
}

/** @throws HiveError `validation` where one of the two is missing. */
function tlsOf({ tlsCert: cert, tlsKey: key }: FleetOptions): { cert: string; key: string } | null {
  if (cert === undefined && key === undefined) return null;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw new HiveError('validation', `${cert === undefined ? '--tls-cert' : '--tls-key'} is missing`, {
    hint: 'a certificate and its key belong together',
  });
}
