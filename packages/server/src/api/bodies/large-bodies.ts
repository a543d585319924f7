import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { HiveError, type RouteName } from '@hive/contract';
import { createAssembly } from './pieces.js';
import type { FromBodyWorker, ToBodyWorker } from './worker-messages.js';

/** Node on a `.ts` file cannot start a worker: from sources, the built one is taken. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/api/bodies/body-worker.js' : './body-worker.js',
  import.meta.url,
);
/** Room for the largest body that a route takes, its text and what becomes of it. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 1_024 };
/** A body that takes longer is refused. */
const MOST_MS = 30_000;
/** The thread goes when nothing came for this long. */
const IDLE_MS = 30_000;
/** Bodies wait for each other; beyond these they are turned away, so that memory is bounded. */
const MOST_WAITING = 4;

/** Checks large bodies in a thread beside, one after the other: meanwhile others have their turn. */
export interface LargeBodies {
  /** The body as its route wants it. @throws HiveError `validation`, `payload_too_large`, `too_many_requests`. */
  check(name: RouteName, bytes: Uint8Array): Promise<unknown>;
  close(): Promise<void>;
}

export function createLargeBodies(): LargeBodies {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let before: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ending = worker;
    worker = null;
    await ending?.terminate();
  }

  async function checkNow(name: RouteName, bytes: Uint8Array): Promise<unknown> {
    clearTimeout(idle);
    worker ??= startWorker();
    try {
      const value = await ask(worker, { type: 'check', name, bytes });
      idle = setTimeout(() => void end(), IDLE_MS).unref();
      return value;
    } catch (error) {
      if (!(error instanceof HiveError && error.code === 'validation')) await end();
      throw error;
    }
  }

  return {
    async check(name, bytes) {
      if (waiting >= MOST_WAITING) {
        throw new HiveError('too_many_requests', 'too many large bodies are being sent at once', {
          hint: 'send it again in some seconds',
        });
      }
      waiting += 1;
      const checked = before.then(() => checkNow(name, bytes));
      before = checked.catch(() => undefined);
      return checked.finally(() => (waiting -= 1));
    },
    close: end,
  };
}

/** It keeps no process alive. */
function startWorker(): Worker {
  const worker = new Worker(WORKER_URL, { name: 'hive-bodies', resourceLimits: RESOURCE_LIMITS });
  worker.unref();
  // Whoever waits hears of it; between two bodies nobody does.
  worker.on('error', () => undefined);
  return worker;
}

/** Hands a body over and takes what becomes of it in portions, one each turn. */
function ask(worker: Worker, order: Extract<ToBodyWorker, { type: 'check' }>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const assembly = createAssembly();
    const timer = setTimeout(() => {
      done();
      reject(new HiveError('payload_too_large', `the body could not be read within ${MOST_MS / 1_000} s`));
    }, MOST_MS);
    const take = (message: FromBodyWorker): void => {
      if (message.type === 'refused') {
        const { code, message: text, ...more } = message;
        done();
        reject(new HiveError(code, text, more));
        return;
      }
      assembly.add(message.pieces);
      if (message.last) {
        done();
        resolve(assembly.value());
      } else void nextTurn().then(() => worker.postMessage({ type: 'more' } satisfies ToBodyWorker));
    };
    const fail = (cause: unknown): void => {
      done();
      reject(new HiveError('payload_too_large', 'the body takes too much memory', { cause }));
    };
    const leave = (): void => {
      done();
      reject(new HiveError('aborted', 'the server is shutting down'));
    };
    const done = (): void => {
      clearTimeout(timer);
      worker.off('message', take).off('error', fail).off('exit', leave);
    };
    worker.on('message', take).on('error', fail).on('exit', leave);
    const { buffer, byteOffset, byteLength } = order.bytes;
    const isAlone = byteOffset === 0 && byteLength === buffer.byteLength;
    worker.postMessage(order, isAlone ? [buffer as ArrayBuffer] : []);
  });
}
