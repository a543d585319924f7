import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FinishedSession, Target } from '@hive/contract';
import type { LearnedResult } from '@hive/engine';
import type { OwnSession } from '@hive/server';
import type { CliConfig } from './config.js';

/** A session as the command line runs it. */
export type KeptSession = Omit<OwnSession, 'target'>;

/** Where a session of the command line leaves its results. */
export interface Keeping {
  /** What was learned about the target before, oldest first. */
  history: LearnedResult[];
  /** Runs the events to their end and stores what they say. Throws what they throw. */
  run(session: KeptSession): Promise<void>;
  close(): Promise<void>;
}

interface Place {
  target: Target;
  dataDirectory: string;
  config: CliConfig;
  tell: (line: string) => void;
}

/** What is being done while a store opens: the first time takes seconds. */
export function openingText(databaseUrl: string | null, dataDirectory: string): string {
  if (databaseUrl !== null) return 'opening the database of DATABASE_URL';
  return existsSync(dataDirectory) ? `opening ${dataDirectory}` : `creating ${dataDirectory} (only the first time)`;
}

/**
 * Opens the store for a session. While a running Hive holds the data directory the results are sent to it when the session is over. Another
 * command that holds it takes none: then nothing is kept, or with `must` nothing begins.
 * @throws HiveError `data_directory`, `database_unreachable`.
 */
export async function openKeeping(place: Place, { must }: { must: boolean }): Promise<Keeping> {
  const { dataHeld, openData } = await import('@hive/server');
  const { target, dataDirectory: dataDir, config, tell } = place;
  const data = await openData({ databaseUrl: config.databaseUrl, dataDir });
  if ('at' in data) return sendTo(data.at, place);
  if ('heldBy' in data) {
    if (must) throw dataHeld(dataDir, { pid: data.heldBy });
    tell(`results will not be stored: ${dataDir} is in use by another Hive (pid ${data.heldBy})`);
    return nothingKept();
  }
  const { here } = data;
  return {
    history: await here.history(target),
    async run(session) {
      await here.keep({ ...session, target });
      tell(`results stored as session ${session.sessionId}`);
    },
    close: () => here.close(),
  };
}

/** Sends to a running Hive that holds the data directory, if there is one; else nothing is kept. */
export async function openRunning(place: Place): Promise<Keeping> {
  // A look at the directory is quick; only what lies there is worth loading the server's code for.
  if (!existsSync(join(place.dataDirectory, 'lock'))) return nothingKept();
  const { dataHolder } = await import('@hive/server');
  const holder = await dataHolder(place.dataDirectory);
  return holder !== null && 'at' in holder ? sendTo(holder.at, place) : nothingKept();
}

/** Gathers the session, and when it is over sends it whole. What cannot be sent does not undo what was measured. */
async function sendTo(url: string, { target, config, dataDirectory, tell }: Place): Promise<Keeping> {
  const { gatherSession, learnedFrom } = await import('@hive/server');
  const { clientOf, executed, why } = await import('./running.js');
  const client = clientOf(url, config, dataDirectory);
  let history: LearnedResult[];
  try {
    history = learnedFrom(await executed(client, target.id));
  } catch (error) {
    tell(`results will not be stored: the running Hive at ${url} does not answer (${why(error)})`);
    return nothingKept();
  }
  tell(`results will be sent to the running Hive at ${url}`);

  async function send(session: FinishedSession): Promise<void> {
    try {
      await client.call('keepSession', { body: session });
      tell(`results stored: ${url}/api/sessions/${session.session.id}`);
    } catch (error) {
      tell(`results not stored: the running Hive at ${url} refused them (${why(error)})`);
    }
  }

  return {
    history,
    async run(own) {
      const { session, error } = await gatherSession({ ...own, target });
      await send(session);
      if (error !== null) throw error;
    },
    async close() {},
  };
}

function nothingKept(): Keeping {
  return {
    history: [],
    async run({ events, signal }) {
      for await (const _ of events(signal));
    },
    async close() {},
  };
}
