import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FinishedSession, Kind, Target } from '@hive/contract';
import { realClock, type LearnedResult, type TrainingEvent } from '@hive/engine';
import type { CliConfig } from './config.js';
import { clientOf, executed, holderOf, why } from './running.js';

/** A session as the command line runs it. */
export interface KeptSession {
  sessionId: string;
  kinds: Kind[];
  /** Null: until its events end. */
  budgetMs: number | null;
  signal: AbortSignal;
  events(signal: AbortSignal): AsyncGenerator<TrainingEvent>;
}

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

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Opens the store for a session, as a server would. While a running Hive holds the data directory the results are sent to it when the
 * session is over. Another command that holds it takes none: then nothing is kept, or with `must` nothing begins.
 * @throws HiveError `data_directory`, `database_unreachable`.
 */
export async function openKeeping(place: Place, { must }: { must: boolean }): Promise<Keeping> {
  const { createLocalBus, createRunner, learnedHistory, openStore } = await import('@hive/server');
  const { target, dataDirectory: dataDir, config, tell } = place;
  let store;
  try {
    store = await openStore({ databaseUrl: config.environment['DATABASE_URL'] || undefined, dataDir });
  } catch (error) {
    const holder = holderOf(error);
    if (holder === null || (must && holder.url === null)) throw error;
    if (holder.url !== null) return sendTo(holder.url, place);
    tell(`${dataDir} is in use by another Hive (pid ${holder.pid}): the results of this session are not kept`);
    return nothingKept();
  }
  const opened = store;
  const bus = createLocalBus();
  await opened.saveTarget(target);
  const runner = await createRunner({ store: opened, bus, clock: realClock, log: silent });
  return {
    history: await learnedHistory(opened, target.id),
    async run({ sessionId, kinds, budgetMs, signal, events }) {
      const place = opened.createScenario.bind(opened);
      const budgetSeconds = budgetMs === null ? null : budgetMs / 1_000;
      const { done } = await runner.start({ sessionId, targetId: target.id, kinds, budgetSeconds, events, place });
      const stop = (): void => void runner.stop(sessionId);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      const { error } = await done;
      signal.removeEventListener('abort', stop);
      if (error) throw error;
      tell(`the results are kept as session ${sessionId}`);
    },
    async close() {
      await runner.close();
      await bus.close();
      await opened.close();
    },
  };
}

/** Sends to a running Hive that holds the data directory, if there is one; else nothing is kept. */
export async function openRunning(place: Place): Promise<Keeping> {
  // A look at the directory is quick; only what lies there is worth loading the server's code for.
  if (!existsSync(join(place.dataDirectory, 'lock'))) return nothingKept();
  const { readLock } = await import('@hive/server');
  const holder = await readLock(place.dataDirectory);
  return holder?.url ? sendTo(holder.url, place) : nothingKept();
}

/** Gathers the session, and when it is over sends it whole. What cannot be sent does not undo what was measured. */
async function sendTo(url: string, { target, config, tell }: Place): Promise<Keeping> {
  const { gatherSession, learnedFrom } = await import('@hive/server');
  const client = clientOf(url, config);
  let history: LearnedResult[];
  try {
    history = learnedFrom(await executed(client, target.id));
  } catch (error) {
    tell(`the running Hive at ${url} does not answer (${why(error)}): the results are not kept`);
    return nothingKept();
  }
  tell(`the results will be sent to the running Hive at ${url}`);

  async function send(session: FinishedSession): Promise<void> {
    try {
      await client.call('keepSession', { body: session });
      tell(`the results are kept: ${url}/api/sessions/${session.session.id}`);
    } catch (error) {
      tell(`the running Hive at ${url} did not take the results (${why(error)}): they are not kept`);
    }
  }

  return {
    history,
    async run({ sessionId, kinds, budgetMs, signal, events }) {
      const budgetSeconds = budgetMs === null ? null : budgetMs / 1_000;
      const gathering = gatherSession({ target, sessionId, kinds, budgetSeconds, clock: realClock });
      try {
        let reason = 'the budget is spent';
        for await (const event of events(signal)) {
          gathering.take(event);
          if (event.type === 'ended') ({ reason } = event);
        }
        await send(gathering.finish(signal.aborted ? 'stopped' : 'completed', reason));
      } catch (error) {
        await send(gathering.finish('failed', why(error)));
        throw error;
      }
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
