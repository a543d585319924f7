import { Worker } from 'node:worker_threads';
import { HiveError } from '@hive/contract';
import type { Failure, FromLearner, ToLearner } from './messages.js';
import { doWork, type Input, type Output, type WorkName } from './work.js';

/** Computes what stored results teach: see WORK. @throws HiveError as the work does. */
export interface Learner {
  compute<Name extends WorkName>(name: Name, input: Input<Name>): Promise<Output<Name>>;
  close(): Promise<void>;
}

/** In the thread of whoever asks: for a process that does nothing else meanwhile. */
export const learnerHere: Learner = { compute: doWork, close: async () => undefined };

/** Node on a `.ts` file cannot start a worker: from sources, the built one is taken. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/history/learner/learner-worker.js' : './learner-worker.js',
  import.meta.url,
);
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512 };
/** Forty results take a second on a busy machine; a comparison of two long sessions some more. */
const MOST_MS = 60_000;
/** The thread goes when nothing came for this long. */
const IDLE_MS = 600_000;

const ENDING = 'the server is shutting down';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: HiveError): void;
}

/** In a thread beside, so that nobody who asks for something else waits for it. It is there while it is needed. */
export function createLearner(): Learner {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let count = 0;
  let closed = false;
  const waiting = new Map<number, Waiting>();

  /** Whoever still waits hears why not. */
  async function end(code: 'aborted' | 'internal', message: string): Promise<void> {
    clearTimeout(idle);
    const ending = worker;
    worker = null;
    for (const { reject } of waiting.values()) reject(new HiveError(code, message));
    waiting.clear();
    await ending?.terminate();
  }

  function started(): Worker {
    const own = new Worker(WORKER_URL, { name: 'hive-learner', resourceLimits: RESOURCE_LIMITS, execArgv: [] });
    // It keeps no process alive.
    own.unref();
    own.on('message', (message: FromLearner) => {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if ('value' in message) asked?.resolve(message.value);
      else asked?.reject(errorOf(message.failure));
    });
    const gone = (): void => {
      if (worker === own) void end('internal', 'what results teach could not be computed');
    };
    own.on('error', gone);
    own.on('exit', gone);
    return own;
  }

  return {
    async compute<Name extends WorkName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
      if (closed) throw new HiveError('aborted', ENDING);
      clearTimeout(idle);
      const asked = (worker ??= started());
      const id = (count += 1);
      const late = setTimeout(() => {
        void end('internal', `what results teach was not computed within ${MOST_MS / 1_000} s`);
      }, MOST_MS);
      try {
        return await new Promise<Output<Name>>((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          asked.postMessage({ id, name, input } satisfies ToLearner);
        });
      } finally {
        clearTimeout(late);
        if (waiting.size === 0) idle = setTimeout(() => void end('aborted', ENDING), IDLE_MS).unref();
      }
    },
    async close() {
      closed = true;
      await end('aborted', ENDING);
    },
  };
}

function errorOf({ code, message, hint }: Failure): HiveError {
  return new HiveError(code, message, hint === undefined ? {} : { hint });
}
