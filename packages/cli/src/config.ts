/** What the environment says to the command line. The only reader of process.env in this process. */
export interface CliConfig {
  /** HIVE_DATA: where results are kept. */
  dataDirectory: string;
  /** DATABASE_URL: the PostgreSQL that keeps them; null: the embedded database in that directory. */
  databaseUrl: string | null;
  /** HIVE_API_TOKEN, else HIVE_TOKEN: what a running Hive is shown; null: the file that it leaves in its data directory. */
  token: string | null;
  /** HIVE_ENCRYPTION_KEY_FILE: the key of stored secrets; null: the one in the data directory. */
  encryptionKeyFile: string | null;
  /** NATS_URL: the NATS server of the fleet of load generators; null: there is none. */
  natsUrl: string | null;
  /** HIVE_FLEET_KEYS: the directory with the keys of that fleet. */
  fleetKeys: string | null;
  /** HIVE_JOIN: an invitation to a fleet. */
  join: string | null;
  /** HIVE_ALLOW_TARGETS: host names, addresses and CIDRs beyond loopback that may be loaded. */
  allowTargets: readonly string[];
  /** False under NO_COLOR. */
  colorAllowed: boolean;
  /** COLUMNS: the width of what is printed where no terminal says it; null: not given. */
  columns: number | null;
  /** The whole environment, for what is started by the command line: the server's own configuration and child processes. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** Reads the environment, once. What only the server needs is read from `environment` by its own configuration. */
export function loadCliConfig(): CliConfig {
  const env = process.env;
  return Object.freeze({
    dataDirectory: env['HIVE_DATA'] || '.hive',
    databaseUrl: env['DATABASE_URL'] || null,
    token: env['HIVE_API_TOKEN'] || env['HIVE_TOKEN'] || null,
    encryptionKeyFile: env['HIVE_ENCRYPTION_KEY_FILE'] || null,
    natsUrl: env['NATS_URL'] || null,
    fleetKeys: env['HIVE_FLEET_KEYS'] || null,
    join: env['HIVE_JOIN'] || null,
    allowTargets: (env['HIVE_ALLOW_TARGETS'] ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
    colorAllowed: !env['NO_COLOR'],
    columns: columnsOf(env['COLUMNS']),
    environment: Object.freeze({ ...env }),
  });
}

function columnsOf(text: string | undefined): number | null {
  return /^[1-9]\d*$/.test(text ?? '') ? Number(text) : null;
}
