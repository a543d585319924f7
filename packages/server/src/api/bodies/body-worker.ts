import { parentPort } from 'node:worker_threads';
import { toHiveError } from '@hive/contract';
import { checkBody } from './check-body.js';
import { portionsOf, type Piece } from './pieces.js';
import type { FromBodyWorker, ToBodyWorker } from './worker-messages.js';

// Checks one large body after another, and hands over each in portions, the next when it is asked for.

if (!parentPort) throw new Error('body-worker.ts runs in a worker thread only');
const port = parentPort;
const send = (message: FromBodyWorker): void => port.postMessage(message);

let portions: Iterator<Piece[]> = [].values();
let next: IteratorResult<Piece[]> = { done: true, value: undefined };

port.on('message', (message: ToBodyWorker) => {
  if (message.type === 'check') {
    try {
      portions = portionsOf(checkBody(message.name, message.bytes));
      next = portions.next();
    } catch (error) {
      const { code, message: text, hint, details } = toHiveError(error);
      send({
        type: 'refused',
        code,
        message: text,
        ...(hint === undefined ? {} : { hint }),
        ...(details === undefined ? {} : { details }),
      });
      return;
    }
  }
  if (next.done === true) return;
  const pieces = next.value;
  next = portions.next();
  send({ type: 'portion', pieces, last: next.done === true });
});
