import { Worker } from 'node:worker_threads';
import { HiveError } from '@hive/contract';
import type { Tick } from '../measuring.js';
import type { FromWorker, StartOrder, ToWorker } from './worker-messages.js';

/** Node on a `.ts` file cannot start a worker: from sources, the built one is taken. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/threads/worker.js' : './worker.js',
  import.meta.url,
);
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 };

/** Who listens to one order on one thread. */
export interface ThreadListener {
  tick(tick: Tick): void;
  /** The thread could not begin, or died. Nothing follows. */
  failed(error: HiveError): void;
}

/** One worker thread that runs one share of one order after another. */
export interface LoadThread {
  /** Resolves when the thread can take an order. @throws HiveError `internal` when it dies before. */
  ready: Promise<void>;
  readonly dead: boolean;
  start(order: Omit<StartOrder, 'type'>, listener: ThreadListener): void;
  abort(id: number): void;
  close(): Promise<void>;
}

/** Starts a load thread. It does not keep the process alive while it has nothing to do. */
export function startLoadThread(): LoadThread {
  const worker = new Worker(WORKER_URL, { name: 'hive-load', resourceLimits: RESOURCE_LIMITS });
  const listeners = new Map<number, ThreadListener>();
  let dead = false;
  let becomeReady: () => void = () => undefined;
  let failReady: (error: HiveError) => void = () => undefined;
  const ready = new Promise<void>((resolve, reject) => {
    becomeReady = resolve;
    failReady = reject;
  });
  // Whoever starts an order awaits it; a thread that dies unused must not become an unhandled rejection.
  ready.catch(() => undefined);

  function settle(id: number): void {
    listeners.delete(id);
    if (listeners.size === 0) worker.unref();
  }

  function die(error: HiveError): void {
    if (dead) return;
    dead = true;
    failReady(error);
    for (const listener of listeners.values()) listener.failed(error);
    listeners.clear();
  }

  worker.on('message', (message: FromWorker) => {
    if (message.type === 'ready') {
      becomeReady();
      if (listeners.size === 0) worker.unref();
      return;
    }
    const listener = listeners.get(message.id);
    if (message.type === 'failed') {
      settle(message.id);
      listener?.failed(new HiveError('internal', `the load thread could not start: ${message.reason}`));
      return;
    }
    if (message.tick.last) settle(message.id);
    listener?.tick(message.tick);
  });
  worker.on('error', (cause) => {
    die(
      new HiveError('internal', `the load thread crashed: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      }),
    );
  });
  worker.on('exit', (code) => die(new HiveError('internal', `the load thread ended unexpectedly with code ${code}`)));

  return {
    ready,
    get dead() {
      return dead;
    },
    start(order, listener) {
      if (dead) return listener.failed(new HiveError('internal', 'the load thread has ended'));
      worker.ref();
      listeners.set(order.id, listener);
      worker.postMessage({ type: 'start', ...order } satisfies ToWorker, []);
    },
    abort(id) {
      if (!dead) worker.postMessage({ type: 'abort', id } satisfies ToWorker, []);
    },
    async close() {
      dead = true;
      const error = new HiveError('aborted', 'the load threads were closed during a run');
      failReady(error);
      for (const listener of listeners.values()) listener.failed(error);
      listeners.clear();
      await worker.terminate();
    },
  };
}
