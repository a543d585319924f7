import { isIPv6 } from 'node:net';
import { HiveError, toHiveError, type Ceiling, type TargetInput } from '@hive/contract';
import { createThreadLoad, readCeiling, realClock, type Clock, type Load } from '@hive/engine';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import type { Context } from './actions/context.js';
import { recoverSessions } from './actions/recover-sessions.js';
import { registerTarget } from './actions/save-target.js';
import { createRunner } from './actions/session-runner.js';
import { buildApp } from './api/app.js';
import type { Bus } from './bus/bus.js';
import { createLocalBus } from './bus/local.js';
import { createRedisBus } from './bus/redis.js';
import type { Config } from './config.js';
import { openStore } from './store/open.js';
import type { Store } from './store/store.js';

export { createLocalBus } from './bus/local.js';
export { readLock } from './store/lock.js';
export { migrate, openStore } from './store/open.js';
export { createRunner };

/** Parts to be used instead of the usual ones. The server closes them with itself. `targets` are known before it listens. */
export interface Parts {
  store: Store;
  bus: Bus;
  load: Load;
  clock: Clock;
  log: Logger;
  targets: readonly (TargetInput & { id: string })[];
}

export interface Server {
  /** Where it answers, such as `http://127.0.0.1:8000`. */
  url: string;
  address: { host: string; port: number };
  /** The app itself, for requests without a socket. */
  app: FastifyInstance;
  /** Stops the running session, stores it and lets go of everything, within 3 s. Can be called again. */
  close(): Promise<void>;
}

/**
 * Starts the server: opens store and bus, marks what an earlier run left unfinished, and listens.
 * @throws HiveError `port_taken`, `data_directory`, `database_unreachable`, `bus_unreachable`; what was opened is closed again.
 */
export async function startServer(config: Config, overrides: Partial<Parts> = {}): Promise<Server> {
  const opened: (() => Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= closeAll(opened, log));
  const log = overrides.log ?? pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  try {
    const usual = overrides.store ? null : await openStore({ ...pathOf(config), dataDir: config.dataDir });
    const store = overrides.store ?? (usual as Store);
    opened.push(() => store.close());
    const bus = overrides.bus ?? (await openBus(config));
    opened.push(() => bus.close());
    const load = overrides.load ?? createThreadLoad({ threads: config.threads });
    opened.push(() => load.close());

    const parts = { store, bus, clock: overrides.clock ?? realClock, log };
    const recovering = new AbortController();
    opened.push(async () => recovering.abort());
    await recoverSessions(parts, recovering.signal);
    const runner = await createRunner(parts);
    const { allowTargets, threads, version } = config;
    const ceiling = (): Ceiling | null => readCeiling(config.dataDir).ceiling;
    const sending = { load, threads, ceiling, allowTargets, secrets: config.secrets };
    const context: Context = { ...parts, ...sending, runner, version };
    for (const target of overrides.targets ?? []) await registerTarget(context, target);
    const app = await buildApp(context, config, log);
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

function pathOf({ databaseUrl }: Config): { databaseUrl?: string } {
  return databaseUrl === null ? {} : { databaseUrl };
}

async function openBus({ redisUrl, redisPrefix }: Config): Promise<Bus> {
  return redisUrl === null ? createLocalBus() : createRedisBus(redisUrl, { prefix: redisPrefix });
}

/** In the opposite order of opening; one that fails does not keep the others open. */
async function closeAll(opened: (() => Promise<void>)[], log: Logger): Promise<void> {
  for (let close = opened.pop(); close; close = opened.pop()) {
    await close().catch((error: unknown) => log.warn({ err: error }, 'a part could not be closed'));
  }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<{ host: string; port: number }> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, port);
  }
  const address = app.server.address();
  return { host, port: typeof address === 'object' && address !== null ? address.port : port };
}

/** The address to call: a wildcard is none. */
function urlOf({ host, port }: { host: string; port: number }): string {
  const callable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${isIPv6(callable) ? `[${callable}]` : callable}:${port}`;
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  if (error.code === 'EADDRINUSE') {
    return new HiveError('port_taken', `port ${port} on ${host} is taken by another process`, {
      hint: 'stop that process, or choose another port with --port or HIVE_PORT',
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new HiveError('port_taken', `port ${port} needs rights that this user does not have`, {
      hint: 'choose a port from 1024 upwards with --port or HIVE_PORT',
      cause: error,
    });
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new HiveError('validation', `${host} is no address of this machine`, {
      hint: 'set HIVE_HOST to 127.0.0.1 or an address of this machine',
      cause: error,
    });
  }
  return error;
}
