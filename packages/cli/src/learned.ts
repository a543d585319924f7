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
 * Opens what was learned: the store, or the running Hive that holds it. Empty where there is no store yet, or where another command holds it.
 * @throws HiveError `data_directory`, `database_unreachable`, and what a running Hive answers when it is asked.
 */
export async function openLearned({ dataDirectory: dataDir, config, tell }: LearnedPlace): Promise<Learned> {
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
    const holder = holderOf(error);
    if (holder === null) throw error;
    const { pid, url } = holder;
    if (url === null) {
      tell(`${dataDir} is in use by another Hive (pid ${pid}): what was learned before is not looked at`);
      return NOTHING;
    }
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
 * What was learned about the target before, oldest first. A running Hive that does not answer is told of, and nothing is known then.
 * @throws HiveError `data_directory`, `database_unreachable`.
 */
export async function readLearned({ target, ...place }: LearnedPlace & { target: Target }): Promise<LearnedResult[]> {
  const learned = await openLearned(place);
  try {
    return await learned.of(target.id);
  } catch (error) {
    if (learned.url === null) throw error;
    place.tell(
      `the running Hive at ${learned.url} does not answer (${why(error)}): what was learned before is not looked at`,
    );
    return [];
  } finally {
    await learned.close();
  }
}
