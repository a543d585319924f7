import { parentPort } from 'node:worker_threads';
import { toHiveError } from '@hive/contract';
import type { FromLearner, ToLearner } from './messages.js';
import { doWork } from './work.js';

// Computes what results teach, one piece of work after another.

if (!parentPort) throw new Error('learner-worker.ts runs in a worker thread only');
const port = parentPort;
const send = (message: FromLearner): void => port.postMessage(message);

port.on('message', ({ id, name, input }: ToLearner) => {
  doWork(name, input as never).then(
    (value) => send({ id, value }),
    (error: unknown) => {
      const { code, message, hint } = toHiveError(error);
      send({ id, failure: { code, message, hint } });
    },
  );
});
