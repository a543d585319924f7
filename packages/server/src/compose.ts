import {
  markInputSchema,
  toHiveError,
  toTarget,
  type Mark,
  type MarkInput,
  type Target,
  type TargetInput,
} from '@hive/contract';
import {
  createThreadLoad,
  readCeiling,
  realClock,
  type Clock,
  type Environment,
  type LearnedResult,
  type Load,
  type Outside,
} from '@hive/engine';
import type { ReportSource } from '@hive/report';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { createMark } from './actions/marks/create-mark.js';
import { localAccounts, nobodySignsIn, prepareCallers, type LocalAccounts } from './accounts.js';
import { audited } from './actions/audit/audited.js';
import { buildApp } from './api/app.js';
import type { FeedTimes } from './api/live/live-feed.js';
import { listen, urlOf } from './api/listen.js';
import { queryOf, type Query } from './api/reading.js';
import type { Bus } from './bus/bus.js';
import {
  createChannelKit,
  localSecrets,
  localSecretValues,
  type ChannelKit,
  type LocalSecrets,
} from './channel-parts.js';
import { closeAll } from './close-all.js';
import { createLocalBus } from './bus/local.js';
import { createRedisBus } from './bus/redis.js';
import type { Config } from './config.js';
import type { LedFleet } from './fleet/led-fleet.js';
import { openFleetOf } from './fleet-parts.js';
import { keepHeartbeat } from './heartbeat.js';
import type { Identity } from './identity/identity.js';
import type { Passwords } from './identity/passwords.js';
import { whoMayAll } from './identity/principal.js';
import { keepRemembered, type Looking } from './history/keep-remembered.js';
import { learnedLimits } from './history/learned-limits.js';
import { createLearner, learnerHere } from './history/learner/learner.js';
import { keepStorage } from './history/keep-storage.js';
import { learnedHistory } from './history/learned-history.js';
import { sessionSource } from './history/session-source.js';
import type { Generator } from './sessions/generator.js';
import { createLeases } from './sessions/lease.js';
import { keepOwnSession } from './sessions/keep-own-session.js';
import type { OwnSession } from './sessions/own-session.js';
import { recoverSessions } from './sessions/recover-sessions.js';
import { publish } from './sessions/live-topic.js';
import { createRunner, type SessionRunner } from './sessions/session-runner.js';
import { holderIn, readLock } from './store/lock.js';
import { openStore, type OpenedStore } from './store/open.js';
import type { Store } from './store/store.js';
import { openOtlp } from './sinks/otlp.js';
import { tellLost, type Sink } from './sinks/sink.js';
import { limitedActions } from './limited-actions.js';
import { keepTarget } from './targets/keep-target.js';
import { createTeam } from './team.js';
import { analysePerformance } from './actions/metrics/analyse-performance.js';
import { createActions, createReading } from './bind-actions.js';

export { dataHeld } from './store/lock.js';
export { backup, restore } from './store/backup/backup.js';
export { migrate, openStore } from './store/open.js';

/** Parts to be used instead of the usual ones. The server closes them with itself. `targets` are known before it listens. */
export interface Parts {
  store: Store;
  bus: Bus;
  load: Load;
  fleet: LedFleet;
  ask: Outside['ask'];
  watchMachine: Outside['watchMachine'];
  clock: Clock;
  log: Logger;
  identity: Identity;
  /** A cheaper hash makes tests quick. */
  passwords: Passwords;
  feedTimes: FeedTimes;
  targets: readonly (TargetInput & { id: string })[];
  /** Address of the first node of the practice target that was started with it. */
  practice: string;
}

export interface Server {
  /** Where it answers, such as `http://127.0.0.1:8000`. */
  url: string;
  address: { host: string; port: number };
  /** The app itself, for requests without a socket. */
  app: FastifyInstance;
  /** The code of the link that makes the first admin; null: nobody needs one. */
  firstAdminCode: string | null;
  /** Stops the running session, stores it and lets go of everything, within 4 s whatever hangs. Can be called again. */
  close(): Promise<void>;
}

/**
 * Starts the server: opens store and bus, marks what an earlier run left unfinished, and listens.
 * @throws HiveError `port_taken`, `data_directory`, `database_unreachable`, `bus_unreachable`, and `refused_by_safety`
 * where other machines can reach it and nobody has to sign in; what was opened is closed again.
 */
export async function startServer(config: Config, overrides: Partial<Parts> = {}): Promise<Server> {
  const opened: (() => Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= closeAll(opened, { clock, log }));
  const clock = overrides.clock ?? realClock;
  const log = overrides.log ?? pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  try {
    const { usual, store, bus, load, learner, fleet, sink } = await openParts(config, overrides, { log, opened });
    const parts = { store, bus, clock, log, ...(sink === null ? {} : { sink }) };
    fleet?.watch((view) => void publish(parts, { type: 'fleet_updated', data: view }));
    const recovering = new AbortController();
    opened.push(async () => recovering.abort());
    const leases = createLeases(parts);
    await recoverSessions(parts, leases, recovering.signal);
    void keepStorage(parts, recovering.signal);
    if (config.heartbeatUrl !== null) void keepHeartbeat(parts, config.heartbeatUrl, recovering.signal);
    const runner = await createRunner(parts, leases);
    const channels = createChannelKit(config, parts);
    const generator = { ...generatorOf(config, channels), load, clock, fleet, outside: outsideOf(overrides) };
    const place = { store, log, allowTargets: config.allowTargets };
    for (const target of overrides.targets ?? []) await keepTarget(place, toTarget(target, target.id));
    const { version } = config;
    const callers = await prepareCallers({ people: store, clock, log, config, overrides });
    const { identity, firstAdminCode, local, auditor } = callers;
    const team = await createTeam({ parts, runner, generator, version, auditor, channels, learner });
    const actionsOf = limitedActions((given) => audited(createActions(given), auditor), {
      parts,
      runner,
      generator,
      identity,
      accounts: callers,
      version,
      team,
      learner,
      practice: overrides.practice ?? null,
    });
    const app = await buildApp({ actionsOf, ...callers.door, rules: config, version, log });
    for (const part of [app, runner, team]) opened.push(() => part.close());
    opened.push(() => local.forget());

    const address = await listen(app, config);
    const url = urlOf(address);
    await usual?.announce(url);
    await local.announce(url);
    void keepRemembered(
      parts,
      lookingWith({ runner, learning: { store, cache: bus, version, learner } }),
      recovering.signal,
    );
    return { url, address, app, firstAdminCode, close };
  } catch (error) {
    await close();
    throw toHiveError(error);
  }
}

/** @throws HiveError `refused_by_safety` where other machines can reach what this configuration starts, and nobody has to sign in. */
export async function demandLogin(config: Config): Promise<void> {
  const { beyondLoopback, token, oidc, firstAdmin } = config;
  if (!beyondLoopback || token !== null || oidc !== null || firstAdmin.link || firstAdmin.account !== null) return;
  const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir });
  try {
    if (!(await store.hasAccounts())) throw nobodySignsIn(config);
  } finally {
    await store.close();
  }
}

/** What a server stands on. Each is closed by what is added to `opened`. */
async function openParts(
  config: Config,
  overrides: Partial<Parts>,
  { log, opened }: { log: Logger; opened: (() => Promise<void>)[] },
) {
  const usual = overrides.store
    ? null
    : await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  const store = overrides.store ?? (usual as Store);
  opened.push(() => store.close());
  const bus = overrides.bus ?? (await openBus(config));
  opened.push(() => bus.close());
  const load = overrides.load ?? createThreadLoad({ threads: config.threads });
  opened.push(() => load.close());
  const learner = createLearner();
  opened.push(() => learner.close());
  const fleet = overrides.fleet ?? (await openFleetOf(config, opened));
  const sink = await openSink(config, { log, opened });
  return { usual, store, bus, load, learner, fleet, sink };
}

function lookingWith(given: { runner: SessionRunner; learning: Parameters<typeof analysePerformance>[0] }): Looking {
  const analyse = analysePerformance(given.learning);
  const itself = whoMayAll('local', 'the server itself');
  return {
    isBusy: async () => (await given.runner.status()).running,
    async look(target) {
      const described = target === undefined ? null : await given.learning.store.getTarget(target);
      if (described !== null) await learnedLimits(given.learning, described);
      await analyse(itself, { target });
    },
  };
}

function outsideOf({ ask, watchMachine }: Partial<Parts>): Generator['outside'] {
  return { ...(ask && { ask }), ...(watchMachine && { watchMachine }) };
}

/** `otlp=URL`, as the configuration has it; null: none. */
async function openSink(
  { out, version }: Config,
  { log, opened }: { log: Logger; opened: (() => Promise<void>)[] },
): Promise<Sink | null> {
  if (out === null) return null;
  const sink = await openOtlp({ url: out.replace(/^otlp=/, ''), version, tell: (problem) => log.warn(problem) });
  opened.push(async () => tellLost(await sink.close(), log));
  return sink;
}

/** Where data is kept. */
export interface DataPlace {
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
  /** HIVE_ENCRYPTION_KEY_FILE; absent: the key in `dataDir`. */
  encryptionKeyFile?: string | null;
}

/** Another process that holds the data: a Hive that can be asked, at its URL, or one that cannot, by its pid. */
export type DataHolder = { at: string } | { heldBy: number };

/** The data, open in this process. */
export interface DataHere {
  /** What was learned about a target under its objectives, oldest first: results of others take no places of what is read. */
  history(target: Pick<Target, 'id' | 'objectives'>): Promise<LearnedResult[]>;
  /** Runs a session of this process to its end, and stores it. Throws what its events throw. */
  keep(session: OwnSession): Promise<void>;
  /** Records a mark. Throws HiveError `not_found` for an unknown target. */
  mark(mark: MarkInput): Promise<Mark>;
  /** Who may sign in. Throws as the routes do. */
  accounts: LocalAccounts;
  /** What is stored of secrets: their values are never shown. */
  secrets: LocalSecrets;
  /** The values of stored secrets of these names, to be sent to targets. Throws HiveError `validation` for one that cannot be decrypted. */
  secretValues(names: readonly string[]): Promise<Environment>;
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
  const now = (): number => realClock.wall();
  const whoever = whoMayAll('local', 'whoever can read the data directory');
  return {
    here: {
      history: ({ id, objectives }) => learnedHistory(store, id, { objectives }),
      async keep(session) {
        await keepOwnSession(parts, session);
        await store
          .upkeep()
          .catch((error: unknown) => parts.log.warn({ err: error }, 'old results could not be removed'));
      },
      mark: (mark) => createMark({ ...parts, now })(whoever, markInputSchema.parse(mark)),
      secrets: localSecrets({ store, log: parts.log, now }, { ...place, actor: whoever }),
      secretValues: (names) => localSecretValues(store, place, names),
      accounts: localAccounts({ people: store, log: parts.log, now }, whoever),
      // Who reads what is stored here asks no other machine about it.
      query: queryOf(
        createReading({ store, cache: bus, version: 'here', learner: learnerHere, allowTargets: [], now }),
        whoever,
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
  { threads, allowTargets, dataDir }: Config,
  { secrets }: ChannelKit,
): Pick<Generator, 'threads' | 'allowTargets' | 'environment' | 'ceiling'> {
  return { threads, allowTargets, environment: secrets.forTargets, ceiling: () => readCeiling(dataDir).ceiling };
}
