import { existsSync } from 'node:fs';
import { SESSIONS_ASKED, type SessionRow, type Target } from '@hive/contract';
import type { LearnedResult } from '@hive/engine';
import type { DataHere, DataHolder } from '@hive/server';
import type { CliConfig } from './config.js';
import { clientOf, executed, why } from './running.js';

/** Stored results, to be read only. */
export interface Learned {
  targets(): Promise<Target[]>;
  /** What was learned about a target, oldest first. */
  of(target: Target): Promise<LearnedResult[]>;
  /** Its newest sessions, newest first. */
  sessions(targetId: string): Promise<SessionRow[]>;
  close(): Promise<void>;
}

interface Place {
  dataDirectory: string;
  config: CliConfig;
}

const NOTHING: Learned = {
  targets: async () => [],
  of: async () => [],
  sessions: async () => [],
  close: async () => {},
};

/**
 * Opens what was learned: the store, or the running Hive that holds it. Empty where there is no store yet.
 * @throws HiveError `data_directory` also where another command holds it, `database_unreachable`.
 */
export async function openLearned(place: Place): Promise<Learned> {
  const data = await open(place);
  if (data === null) return NOTHING;
  if ('here' in data) return stored(data.here);
  if ('at' in data) return asked(data.at, place);
  const { dataHeld } = await import('@hive/server');
  throw dataHeld(place.dataDirectory, { pid: data.heldBy });
}

/**
 * What was learned about the target before, oldest first. Empty, with a note, where another command holds it or a running Hive does not answer.
 * @throws HiveError `data_directory`, `database_unreachable`.
 */
export async function readLearned({
  target,
  tell,
  ...place
}: Place & { target: Target; tell: (line: string) => void }): Promise<LearnedResult[]> {
  const unread = (because: string): LearnedResult[] => {
    tell(`earlier results are not used: ${because}`);
    return [];
  };
  const data = await open(place);
  if (data === null) return [];
  if ('heldBy' in data) return unread(`${place.dataDirectory} is in use by another Hive (pid ${data.heldBy})`);
  if ('at' in data) {
    const learned = asked(data.at, place);
    return learned
      .of(target)
      .catch((error: unknown) => unread(`the running Hive at ${data.at} does not answer (${why(error)})`));
  }
  try {
    return await data.here.history(target);
  } finally {
    await data.here.close();
  }
}

/** Null: nothing was ever stored there. */
async function open({ dataDirectory: dataDir, config }: Place): Promise<{ here: DataHere } | DataHolder | null> {
  const { databaseUrl } = config;
  if (databaseUrl === null && !existsSync(dataDir)) return null;
  const { openData } = await import('@hive/server');
  return openData({ databaseUrl, dataDir });
}

async function allTargets(
  read: (query: { after?: string | undefined }) => Promise<{ targets: Target[]; next: string | null }>,
): Promise<Target[]> {
  const targets: Target[] = [];
  let after: string | undefined;
  do {
    const page = await read({ after });
    targets.push(...page.targets);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return targets;
}

function stored(here: DataHere): Learned {
  return {
    targets: () => allTargets((query) => here.query('listTargets', { query })),
    of: (target) => here.history(target),
    sessions: async (target) =>
      (await here.query('listSessions', { query: { target, limit: SESSIONS_ASKED } })).sessions,
    close: () => here.close(),
  };
}

function asked(url: string, { config, dataDirectory }: Place): Learned {
  const client = clientOf(url, config, dataDirectory);
  return {
    targets: () => allTargets((query) => client.call('listTargets', { query })),
    async of({ id: targetId }) {
      const { learnedFrom } = await import('@hive/server');
      return learnedFrom(await executed(client, targetId));
    },
    sessions: async (target) =>
      (await client.call('listSessions', { query: { target, limit: SESSIONS_ASKED } })).sessions,
    close: async () => {},
  };
}
