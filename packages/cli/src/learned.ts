import { existsSync } from 'node:fs';
import type { SessionRow, Target } from '@hive/contract';
import type { LearnedResult } from '@hive/engine';
import type { DataHere, DataHolder } from '@hive/server';
import type { CliConfig } from './config.js';
import { clientOf, executed, why } from './running.js';

/** Stored results, to be read only. */
export interface Learned {
  targets(): Promise<Target[]>;
  /** What was learned about a target, oldest first. */
  of(targetId: string): Promise<LearnedResult[]>;
  /** Its newest sessions, newest first. */
  sessions(targetId: string): Promise<SessionRow[]>;
  close(): Promise<void>;
}

/** This many of the newest sessions are asked why they did not reach a kind. */
const SESSIONS_ASKED = 20;

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
  if ('at' in data) return asked(data.at, place.config);
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
    const learned = asked(data.at, place.config);
    return learned
      .of(target.id)
      .catch((error: unknown) => unread(`the running Hive at ${data.at} does not answer (${why(error)})`));
  }
  try {
    return await data.here.history(target.id);
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

function stored(here: DataHere): Learned {
  return {
    targets: async () => (await here.query('listTargets')).targets,
    of: (targetId) => here.history(targetId),
    sessions: async (target) =>
      (await here.query('listSessions', { query: { target, limit: SESSIONS_ASKED } })).sessions,
    close: () => here.close(),
  };
}

function asked(url: string, config: CliConfig): Learned {
  const client = clientOf(url, config);
  return {
    targets: async () => (await client.call('listTargets')).targets,
    async of(targetId) {
      const { learnedFrom } = await import('@hive/server');
      return learnedFrom(await executed(client, targetId));
    },
    sessions: async (target) =>
      (await client.call('listSessions', { query: { target, limit: SESSIONS_ASKED } })).sessions,
    close: async () => {},
  };
}
