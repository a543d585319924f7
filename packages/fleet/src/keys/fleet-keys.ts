import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HiveError } from '@hive/contract';
import { makeDirectory } from '@hive/engine';
import { createAccount, createOperator, createUser } from '@nats-io/nkeys';
import { accountJwt, operatorJwt, publicKeyOf, userJwt } from './claims.js';
import { HUB_SUBJECTS } from './subjects.js';

/** What an instance of Hive needs to lead a fleet. All instances share it; who has it may send load from every machine of the fleet. */
export interface FleetKeys {
  directory: string;
  /** Signs the credentials of load generators. */
  accountSeed: string;
  /** Signs what they are told to do. */
  hubSeed: string;
  hubPublicKey: string;
}

/** What `hive fleet init` is told. */
export interface FleetSetup {
  /** Address on which the NATS server is to listen. */
  listen: string;
  /** Paths of a certificate and its key; absent: connections are not encrypted. */
  tls?: { cert: string; key: string };
}

const ACCOUNT = 'account.seed';
const HUB = 'hub.seed';
const OPERATOR = 'operator.seed';
const OWNER_ONLY = 0o600;

/**
 * Makes the keys of a fleet and the configuration of its NATS server in a directory.
 * @returns the path of the configuration
 * @throws HiveError `conflict` where keys are already, `data_directory` where it cannot be written.
 */
export function initFleet(directory: string, { listen, tls }: FleetSetup): string {
  if (existsSync(join(directory, ACCOUNT))) {
    throw new HiveError('conflict', `${directory} holds the keys of a fleet already`, {
      hint: 'choose another directory: replacing keys would lock out every load generator of that fleet',
    });
  }
  const seeds = { operator: seedOf(createOperator()), account: seedOf(createAccount()), hub: seedOf(createUser()) };
  const account = publicKeyOf(seeds.account);
  const config = join(directory, 'nats.conf');
  const text = [
    '# The NATS server of a Hive fleet: nats-server -c nats.conf',
    `listen: "${listen}"`,
    `operator: ${operatorJwt(seeds.operator, 'hive')}`,
    'resolver: MEMORY',
    `resolver_preload: { ${account}: ${accountJwt(seeds.operator, { account, name: 'fleet' })} }`,
    ...(tls === undefined ? [] : [`tls { cert_file: "${tls.cert}", key_file: "${tls.key}" }`]),
    '',
  ].join('\n');
  try {
    makeDirectory(directory);
    for (const [name, seed] of [
      [OPERATOR, seeds.operator],
      [HUB, seeds.hub],
      [ACCOUNT, seeds.account],
    ] as const)
      writeFileSync(join(directory, name), `${seed}\n`, { mode: OWNER_ONLY, flag: 'wx' });
    writeFileSync(config, text, { mode: 0o644 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new HiveError('data_directory', `${directory} cannot be written (${code})`, {
      hint: 'name a directory that you can write to and that holds no fleet yet',
      cause,
    });
  }
  return config;
}

/** @throws HiveError `validation` where the directory holds no keys, or none that can be read. */
export function readFleetKeys(directory: string): FleetKeys {
  const hubSeed = readSeed(directory, HUB);
  return { directory, accountSeed: readSeed(directory, ACCOUNT), hubSeed, hubPublicKey: publicKeyOf(hubSeed) };
}

/** The hub's own credential. It does not expire: whoever has these keys can make it at any time. */
export function hubJwt({ accountSeed, hubPublicKey }: FleetKeys): string {
  return userJwt(accountSeed, { publicKey: hubPublicKey, name: 'hub', subjects: HUB_SUBJECTS });
}

function readSeed(directory: string, name: string): string {
  const path = join(directory, name);
  const hint = `make the keys of a fleet with hive fleet init ${directory}, or name the directory that has them`;
  let seed: string;
  try {
    seed = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new HiveError('validation', `${path} cannot be read (${code})`, { hint, cause });
  }
  try {
    publicKeyOf(seed);
  } catch (cause) {
    throw new HiveError('validation', `${path} holds no key`, { hint, cause });
  }
  return seed;
}

function seedOf(pair: { getSeed(): Uint8Array }): string {
  return Buffer.from(pair.getSeed()).toString();
}
