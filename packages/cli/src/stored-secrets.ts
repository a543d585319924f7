import { existsSync, readFileSync } from 'node:fs';
import { SECRET_PREFIX } from '@hive/contract';
import { referencesIn } from '@hive/engine';
import { isFile } from './arguments/target-file.js';
import type { CliConfig } from './config.js';

interface Asked {
  /** What stands where the target does, and everything else that was given. */
  texts: readonly unknown[];
  dataDirectory: string;
  tell: (text: string) => void;
}

/**
 * The same configuration, with stored secrets for those `${HIVE_SECRET_…}` of a target that the environment does not set. The data directory is
 * opened only where one is missing; while a running Hive holds it, that one alone can read them.
 * @throws HiveError `validation` for one that cannot be decrypted, `data_directory`, `database_unreachable`.
 */
export async function withStoredSecrets(
  config: CliConfig,
  { texts, dataDirectory: dataDir, tell }: Asked,
): Promise<CliConfig> {
  const { environment, databaseUrl, encryptionKeyFile } = config;
  const names = namesIn(texts.flatMap(allTexts)).filter((name) => environment[name] === undefined);
  if (names.length === 0 || (databaseUrl === null && !existsSync(dataDir))) return config;
  const { openData } = await import('@hive/server');
  const data = await openData({ databaseUrl, dataDir, encryptionKeyFile });
  if (!('here' in data)) {
    const who = 'at' in data ? `the running Hive at ${data.at}` : `another Hive (pid ${data.heldBy})`;
    tell(`stored secrets cannot be read: ${dataDir} is in use by ${who}; set ${names.join(', ')} in the environment`);
    return config;
  }
  try {
    return { ...config, environment: { ...environment, ...(await data.here.secretValues(names)) } };
  } finally {
    await data.here.close();
  }
}

/** The texts that are given, and those of the files that they name. */
function allTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(allTexts);
  if (typeof value !== 'string') return [];
  return isFile(value) && existsSync(value) ? [value, readFileSync(value, 'utf8')] : [value];
}

function namesIn(texts: readonly string[]): string[] {
  const names = texts.flatMap(referencesIn).map(({ name }) => name);
  return [...new Set(names)].filter((name) => name.startsWith(SECRET_PREFIX));
}
