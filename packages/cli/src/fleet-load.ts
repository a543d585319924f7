import { HiveError, type Ceiling, type OnLostBee, type Regions, type Target } from '@hive/contract';
import { createThreadLoad, readCeiling, UNKNOWN_MACHINE, type Load, type Outside } from '@hive/engine';
import type { Fleet } from '@hive/fleet';
import { Option, type Command } from 'commander';
import type { CliConfig } from './config.js';

/** Where the load of a command is to come from. */
export interface SendingOptions {
  threads: number;
  /** The fleet, of all regions (`true`) or of one; `false`: this machine; absent: as its target says. */
  fleet?: boolean | string;
  onLostBee?: OnLostBee;
}

/** What sends the load of a command. */
export interface Sending {
  load: Load;
  /** The target, with its load from there. */
  target: Target;
  outside: Pick<Partial<Outside>, 'watchMachine'>;
}

/**
 * Opens what sends the load on a target.
 * @throws HiveError `validation`, `fleet_unreachable` where it is a fleet that cannot be led; then `keeping` is closed.
 */
export async function openSending(
  target: Target,
  options: SendingOptions,
  { config, keeping }: { config: CliConfig; keeping: { close(): Promise<void> } },
): Promise<Sending> {
  try {
    return await opened(target, options, config);
  } catch (error) {
    await keeping.close();
    throw error;
  }
}

async function opened(
  { regions: own, ...target }: Target,
  { threads, fleet, onLostBee: onLost }: SendingOptions,
  config: CliConfig,
): Promise<Sending> {
  const regions = regionsOf(fleet, own);
  if (regions === undefined) return { load: createThreadLoad({ threads }), target, outside: {} };
  const { startHub } = await import('@hive/fleet');
  const hub = await startHub(await fleetOf(config));
  const load = { ...hub.load(regions, { onLost }), close: () => hub.close() };
  // Who else uses their machines, load generators say themselves.
  return { load, target: { ...target, regions }, outside: { watchMachine: () => UNKNOWN_MACHINE } };
}

function regionsOf(fleet: SendingOptions['fleet'], own: Regions | undefined): Regions | undefined {
  const asked = askedRegions(fleet);
  if (asked === undefined) return own;
  return asked === 'here' ? undefined : asked;
}

/** What --fleet and --no-fleet ask for; undefined: nothing, so it is as the target says. */
export function askedRegions(fleet: SendingOptions['fleet']): Regions | 'here' | undefined {
  if (fleet === undefined) return undefined;
  if (fleet === false) return 'here';
  return fleet === true ? 'all' : { [fleet]: 1 };
}

/** What `hive doctor` measured of this machine, where it sends; null: nothing. */
export function ceilingOf({ regions }: Target, dataDirectory: string): Ceiling | null {
  return regions === undefined ? readCeiling(dataDirectory).ceiling : null;
}

/** The options that say where the load of a command comes from. */
export function addFleetOption(command: Command): Command {
  return command
    .option('--fleet [region]', 'send from the load generators of the fleet: of all regions, or of one')
    .option('--no-fleet', 'send from this machine, also where the file names regions')
    .addOption(
      new Option(
        '--on-lost-bee <what>',
        'when a load generator falls silent, end the run as not usable, or go on without it (doubtful at best)',
      ).choices(['abort', 'continue']),
    );
}

/** The fleet that the environment names. @throws HiveError `validation` where it names none, or not all of it. */
export async function fleetOf(config: CliConfig): Promise<Fleet> {
  const { createFileRoll, readFleetKeys } = await import('@hive/fleet');
  const directory = keysOf(config);
  if (config.natsUrl === null) {
    throw new HiveError('validation', 'NATS_URL is not set: load generators would not know where to connect', {
      hint: 'set it to the address of the NATS server as they reach it, such as tls://nats.example.org:4222',
    });
  }
  return { keys: readFleetKeys(directory), roll: createFileRoll(directory), url: config.natsUrl };
}

/** The directory with the keys. @throws HiveError `validation` where it is not set. */
export function keysOf({ fleetKeys }: CliConfig): string {
  if (fleetKeys !== null) return fleetKeys;
  throw new HiveError('validation', 'HIVE_FLEET_KEYS is not set', {
    hint: 'set it to the directory that hive fleet init made',
  });
}
