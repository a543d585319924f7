import { HiveError, type Kind, type Target } from '@hive/contract';
import { realClock, type LearnedResult, type TrainingEvent } from '@hive/engine';
import type { CliConfig } from './config.js';

/** A session as the command line runs it. */
export interface KeptSession {
  sessionId: string;
  kinds: Kind[];
  budgetMs: number;
  signal: AbortSignal;
  events(signal: AbortSignal): AsyncGenerator<TrainingEvent>;
}

/** Where a training session of the command line leaves its results. */
export interface Keeping {
  /** What was learned about the target before, oldest first. */
  history: LearnedResult[];
  /** Runs the events to their end and stores what they say. Throws what they throw. */
  run(session: KeptSession): Promise<void>;
  close(): Promise<void>;
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Opens the store for a session, as a server would. While another Hive holds the data directory the session runs all the same;
 * `tell` is told that its results are not kept.
 * @throws HiveError `data_directory`, `database_unreachable`.
 */
export async function openKeeping(given: {
  target: Target;
  dataDirectory: string;
  config: CliConfig;
  tell: (line: string) => void;
}): Promise<Keeping> {
  const { createLocalBus, createRunner, learnedHistory, openStore } = await import('@hive/server');
  const { target, dataDirectory: dataDir } = given;
  let store;
  try {
    store = await openStore({ databaseUrl: given.config.environment['DATABASE_URL'] || undefined, dataDir });
  } catch (error) {
    const holder = holderOf(error);
    if (holder === null) throw error;
    given.tell(`${dataDir} is in use by another Hive (${holder}): the results of this session are not kept`);
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
      const budgetSeconds = budgetMs / 1_000;
      const { done } = await runner.start({ sessionId, targetId: target.id, kinds, budgetSeconds, events, place });
      const stop = (): void => void runner.stop(sessionId);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      const { error } = await done;
      signal.removeEventListener('abort', stop);
      if (error) throw error;
    },
    async close() {
      await runner.close();
      await bus.close();
      await opened.close();
    },
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

/** Who holds the data directory, when that is what an error says. */
function holderOf(error: unknown): string | null {
  if (!(error instanceof HiveError) || error.code !== 'data_directory') return null;
  const { pid, url } = error.details ?? {};
  if (typeof pid !== 'number') return null;
  return typeof url === 'string' ? `pid ${pid}, ${url}` : `pid ${pid}`;
}
