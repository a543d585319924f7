import { toHiveError, toTarget, type TargetInput } from '@hive/contract';
import {
  createThreadLoad,
  readCeiling,
  realClock,
  type Clock,
  type LearnedResult,
  type Load,
  type Outside,
} from '@hive/engine';
import type { ReportSource } from '@hive/report';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import type { Actions, Reading } from './actions/actions.js';
import { checkHealth } from './actions/check-health.js';
import { describeService } from './actions/describe-service.js';
import { analysePerformance } from './actions/metrics/analyse-performance.js';
import { latestMetrics } from './actions/metrics/latest-metrics.js';
import { liveFigures } from './actions/metrics/live-figures.js';
import { summariseMetrics } from './actions/metrics/summarise-metrics.js';
import { executeScenario } from './actions/scenarios/execute-scenario.js';
import { generateScenario } from './actions/scenarios/generate-scenario.js';
import { getScenario } from './actions/scenarios/get-scenario.js';
import { listScenarios } from './actions/scenarios/list-scenarios.js';
import { recentProblems } from './actions/scenarios/recent-problems.js';
import { checkInput, checkStored } from './actions/targets/check-target.js';
import { createTarget } from './actions/targets/create-target.js';
import { deleteTarget } from './actions/targets/delete-target.js';
import { getTarget } from './actions/targets/get-target.js';
import { getStorage } from './actions/storage/get-storage.js';
import { setStorage } from './actions/storage/set-storage.js';
import { listTargets } from './actions/targets/list-targets.js';
import { predictRun } from './actions/targets/predict-run.js';
import { replaceTarget } from './actions/targets/replace-target.js';
import { targetLimits } from './actions/targets/target-limits.js';
import { followLive } from './actions/training/follow-live.js';
import { getSession } from './actions/training/get-session.js';
import { keepSession } from './actions/training/keep-session.js';
import { listSessions } from './actions/training/list-sessions.js';
import { planTraining } from './actions/training/plan-training.js';
import { resumeSession } from './actions/training/resume-session.js';
import { reportSession } from './actions/training/report-session.js';
import { startTraining } from './actions/training/start-training.js';
import { runAnyway } from './actions/training/run-anyway.js';
import { stopAll } from './actions/training/stop-all.js';
import { stopTraining } from './actions/training/stop-training.js';
import { trainingStatus } from './actions/training/training-status.js';
import { buildApp } from './api/app.js';
import { listen, urlOf } from './api/listen.js';
import { queryOf, type Query } from './api/reading.js';
import type { Bus } from './bus/bus.js';
import { closeAll } from './close-all.js';
import { createLocalBus } from './bus/local.js';
import { createRedisBus } from './bus/redis.js';
import type { Config } from './config.js';
import type { Identity } from './identity/identity.js';
import { openIdentity } from './identity/open.js';
import { whoMayAll } from './identity/principal.js';
import { tokenIdentity } from './identity/token.js';
import { keepStorage } from './history/keep-storage.js';
import { learnedHistory } from './history/learned-history.js';
import type { Learning } from './history/learned-limits.js';
import { sessionSource } from './history/session-source.js';
import type { Generator } from './sessions/generator.js';
import { createLeases } from './sessions/lease.js';
import { keepOwnSession } from './sessions/keep-own-session.js';
import type { OwnSession } from './sessions/own-session.js';
import { recoverSessions } from './sessions/recover-sessions.js';
import type { RunnerParts } from './sessions/runner-parts.js';
import { createRunner, type SessionRunner } from './sessions/session-runner.js';
import { holderIn, readLock } from './store/lock.js';
import { openStore, type OpenedStore } from './store/open.js';
import type { Store } from './store/store.js';
import { keepTarget } from './targets/keep-target.js';

export { dataHeld } from './store/lock.js';
export { backup, restore } from './store/backup/backup.js';
export { migrate } from './store/open.js';

/** Parts to be used instead of the usual ones. The server closes them with itself. `targets` are known before it listens. */
export interface Parts {
  store: Store;
  bus: Bus;
  load: Load;
  ask: Outside['ask'];
  watchMachine: Outside['watchMachine'];
  clock: Clock;
  log: Logger;
  identity: Identity;
  targets: readonly (TargetInput & { id: string })[];
}

export interface Server {
  /** Where it answers, such as `http://127.0.0.1:8000`. */
  url: string;
  address: { host: string; port: number };
  /** The app itself, for requests without a socket. */
  app: FastifyInstance;
  /** Stops the running session, stores it and lets go of everything, within 4 s whatever hangs. Can be called again. */
  close(): Promise<void>;
}

/**
 * Starts the server: opens store and bus, marks what an earlier run left unfinished, and listens.
 * @throws HiveError `port_taken`, `data_directory`, `database_unreachable`, `bus_unreachable`; what was opened is closed again.
 */
export async function startServer(config: Config, overrides: Partial<Parts> = {}): Promise<Server> {
  const opened: (() => Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= closeAll(opened, { clock, log }));
  const clock = overrides.clock ?? realClock;
  const log = overrides.log ?? pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  try {
    const usual = overrides.store
      ? null
      : await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir });
    const store = overrides.store ?? (usual as Store);
    opened.push(() => store.close());
    const bus = overrides.bus ?? (await openBus(config));
    opened.push(() => bus.close());
    const load = overrides.load ?? createThreadLoad({ threads: config.threads });
    opened.push(() => load.close());

    const parts = { store, bus, clock, log };
    const recovering = new AbortController();
    opened.push(async () => recovering.abort());
    const leases = createLeases(parts);
    await recoverSessions(parts, leases, recovering.signal);
    void keepStorage(parts, recovering.signal);
    const runner = await createRunner(parts, leases);
    const { ask, watchMachine } = overrides;
    const outside = { ...(ask && { ask }), ...(watchMachine && { watchMachine }) };
    const generator = { ...generatorOf(config, load, parts.clock), outside };
    const place = { store, log, allowTargets: config.allowTargets };
    for (const target of overrides.targets ?? []) await keepTarget(place, toTarget(target, target.id));
    const { version, token } = config;
    const actions = createActions({ parts, runner, generator, version });
    const identity = overrides.identity ?? (token === null ? openIdentity() : tokenIdentity(token));
    const app = await buildApp({ actions, identity, rules: config, version, log });
    opened.push(() => app.close());
    opened.push(() => runner.close());

    const address = await listen(app, config);
    const url = urlOf(address);
    await usual?.announce(url);
    return { url, address, app, close };
  } catch (error) {
    await close();
    throw toHiveError(error);
  }
}

/** Where data is kept. */
export interface DataPlace {
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
}

/** Another process that holds the data: a Hive that can be asked, at its URL, or one that cannot, by its pid. */
export type DataHolder = { at: string } | { heldBy: number };

/** The data, open in this process. */
export interface DataHere {
  /** What was learned about a target, oldest first. */
  history(target: string): Promise<LearnedResult[]>;
  /** Runs a session of this process to its end, and stores it. Throws what its events throw. */
  keep(session: OwnSession): Promise<void>;
  query: Query;
  /** A session with all that is stored of it. Throws HiveError `not_found`. */
  session(id: string): Promise<ReportSource>;
  close(): Promise<void>;
}

/**
 * Opens what is stored, or says who holds it.
 * @throws HiveError `data_directory` when it cannot be written, `database_unreachable`, `database_newer`.
 */
export async function openData(place: DataPlace): Promise<{ here: DataHere } | DataHolder> {
  let store: OpenedStore;
  try {
    store = await openStore(place);
  } catch (error) {
    const holder = holderIn(error);
    if (holder === null) throw error;
    return holder.url === null ? { heldBy: holder.pid } : { at: holder.url };
  }
  const bus = createLocalBus();
  const parts = { store, bus, clock: realClock, log: pino({ level: 'silent' }) };
  return {
    here: {
      history: (target) => learnedHistory(store, target),
      async keep(session) {
        await keepOwnSession(parts, session);
        await store
          .upkeep()
          .catch((error: unknown) => parts.log.warn({ err: error }, 'old results could not be removed'));
      },
      query: queryOf(
        createReading({ store, cache: bus, version: 'here' }),
        whoMayAll('local', 'whoever can read the data directory'),
      ),
      session: (id) => sessionSource(store, id),
      async close() {
        await bus.close();
        await store.close();
      },
    },
  };
}

/** Who holds a data directory now; null: no one. Opens nothing. */
export async function dataHolder(dataDir: string): Promise<DataHolder | null> {
  const holder = await readLock(dataDir);
  if (holder === null) return null;
  return holder.url === null ? { heldBy: holder.pid } : { at: holder.url };
}

async function openBus({ redisUrl, redisPrefix }: Config): Promise<Bus> {
  return redisUrl === null ? createLocalBus() : createRedisBus(redisUrl, { prefix: redisPrefix });
}

function generatorOf(
  { threads, allowTargets, secrets, dataDir }: Config,
  load: Load,
  clock: Clock,
): Omit<Generator, 'outside'> {
  const ceiling = (): ReturnType<Generator['ceiling']> => readCeiling(dataDir).ceiling;
  return { load, clock, threads, allowTargets, environment: secrets, ceiling };
}

/** Binds every verb to the parts that it needs. */
export function createActions(given: {
  parts: RunnerParts;
  runner: SessionRunner;
  generator: Generator;
  version: string;
}): Actions {
  const { parts, runner, generator, version } = given;
  const { store, bus, clock, log } = parts;
  const place = { store, log, allowTargets: generator.allowTargets };
  return {
    ...createReading({ store, cache: bus, version }),
    describeService: describeService(version),
    checkHealth: checkHealth({ store, bus, clock, runner }),
    liveFigures: liveFigures(runner),
    followLive: followLive({ bus, runner, version }),
    trainingStatus: trainingStatus(runner),
    createTarget: createTarget(place, generator),
    replaceTarget: replaceTarget(place, { runner, checking: generator }),
    checkInput: checkInput(generator),
    checkStored: checkStored({ store, checking: generator }),
    deleteTarget: deleteTarget({ store, runner, log }),
    planTraining: planTraining({ store, generator }),
    startTraining: startTraining({ store, runner, generator }),
    stopTraining: stopTraining({ store, runner }),
    runAnyway: runAnyway({ store, runner }),
    resumeSession: resumeSession({ store, runner, generator }),
    stopAll: stopAll(runner),
    setStorage: setStorage({ store, log }),
    keepSession: keepSession({ ...parts, ...place }),
    reportSession: reportSession({ store, version, now: () => clock.wall(), ceiling: generator.ceiling }),
    generateScenario: generateScenario(store),
    executeScenario: executeScenario({ store, runner, generator }),
  };
}

function createReading(learning: Learning & { store: Store }): Reading {
  const { store } = learning;
  return {
    latestMetrics: latestMetrics(store),
    summariseMetrics: summariseMetrics(store),
    analysePerformance: analysePerformance(store),
    listTargets: listTargets(store),
    getTarget: getTarget(store),
    targetLimits: targetLimits(learning),
    predictRun: predictRun(store),
    listSessions: listSessions(store),
    getSession: getSession(store),
    listScenarios: listScenarios(store),
    getScenario: getScenario(store),
    recentProblems: recentProblems(store),
    storage: getStorage(store),
  };
}
