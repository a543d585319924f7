import { existsSync } from 'node:fs';
import type { Target } from '@hive/contract';
import type { LearnedResult } from '@hive/engine';
import type { CliConfig } from './config.js';
import { clientOf, executed, holderOf, why } from './running.js';

/** What is stored, to be read: nothing is kept by it. */
export interface Learned {
  /** Where the running Hive answers that is asked; null: the store is open here. */
  url: string | null;
  targets(): Promise<Target[]>;
  /** What was learned about a target, oldest first. */
  of(targetId: string): Promise<LearnedResult[]>;
  close(): Promise<void>;
}

export interface LearnedPlace {
  dataDirectory: string;
  config: CliConfig;
  tell: (line: string) => void;
}

const NOTHING: Learned = { url: null, targets: async () => [], of: async () => [], close: async () => {} };

/**
 * Opens what was learned: the store, or the running Hive that holds it. Empty where there is no store yet.
 * @throws HiveError `data_directory` also where another command holds it, `database_unreachable`.
 */
export async function openLearned({ dataDirectory: dataDir, config }: Omit<LearnedPlace, 'tell'>): Promise<Learned> {
  const databaseUrl = config.environment['DATABASE_URL'] || undefined;
  if (databaseUrl === undefined && !existsSync(dataDir)) return NOTHING;
  const { learnedFrom, learnedHistory, openStore } = await import('@hive/server');
  try {
    const store = await openStore({ databaseUrl, dataDir });
    return {
      url: null,
      targets: () => store.listTargets(),
      of: (targetId) => learnedHistory(store, targetId),
      close: () => store.close(),
    };
  } catch (error) {
    const url = holderOf(error)?.url ?? null;
    if (url === null) throw error;
    const client = clientOf(url, config);
    return {
      url,
      targets: async () => (await client.call('listTargets')).targets,
      of: async (targetId) => learnedFrom(await executed(client, targetId)),
      close: async () => {},
    };
  }
}

/**
 * What was learned about the target before, oldest first. Where another command holds it, or a running Hive does not answer, that is told, and nothing
 * is known then.
 * @throws HiveError `data_directory`, `database_unreachable`.
 */
export async function readLearned({ target, ...place }: LearnedPlace & { target: Target }): Promise<LearnedResult[]> {
  const { dataDirectory, tell } = place;
  let learned: Learned | null = null;
  try {
    learned = await openLearned(place);
    return await learned.of(target.id);
  } catch (error) {
    const holder = holderOf(error);
    if (holder === null && !learned?.url) throw error;
    const because =
      holder === null
        ? `the running Hive at ${learned?.url} does not answer (${why(error)})`
        : `${dataDirectory} is in use by another Hive (pid ${holder.pid})`;
    tell(`${because}: what was learned before is not looked at`);
    return [];
  } finally {
    await learned?.close();
  }
}
