import type { LoadOrder } from '../measuring.js';
import type { Random } from '../random.js';
import { createKeys } from './keys.js';
import type { Message } from '../http1/messages.js';
import { partOf, UNDIVIDED } from './split.js';
import { createDraw } from './weights.js';

/** What is sent: which class next, with which key, and its bytes for a node. */
export interface Requests {
  /** Draws a class by weight. */
  drawClass(): number;
  /** Draws a key of a class; 0 where it has none. */
  drawKey(requestClass: number): number;
  message(requestClass: number, node: number): Message;
  /** Everything that was to be sent once was drawn. */
  exhausted(): boolean;
}

/** `messages`: by class, then by node. */
export function createRequests(from: {
  order: LoadOrder;
  messages: readonly (readonly Message[])[];
  share: { index: number; of: number };
  random: Random;
  /** Everything was drawn after this many; absent: never. */
  most?: number;
}): Requests {
  const { order, messages, share, random, most = Infinity } = from;
  const message = (requestClass: number, node: number): Message => messages[requestClass]![node]!;
  if (order.sweep) return { ...sweep(keysToSweep(order), share), message };
  const keys = order.requests.map(({ keys }) => (keys === undefined ? null : createKeys(keys, random)));
  const weights = order.requests.map(({ weight }) => weight);
  const draw = createDraw(weights, random);
  let left = most;
  return {
    drawClass() {
      left -= 1;
      return draw();
    },
    drawKey: (requestClass) => keys[requestClass]?.() ?? 0,
    message,
    exhausted: () => left <= 0,
  };
}

/** The keys from `first` to `last` that this order's part sends: those of the parts before lie below. */
function keysToSweep({ requests, split = UNDIVIDED }: LoadOrder): { first: number; last: number } {
  const count = requests[0]?.keys?.count ?? 0;
  const before = split.weights.slice(0, split.index).map((_, index) => partOf(count, { ...split, index }));
  const first = 1 + before.reduce((sum, one) => sum + one, 0);
  return { first, last: first + partOf(count, split) - 1 };
}

/** Every key of this thread's share once, from the last to the first: keys are drawn most often from the first on. */
function sweep(
  { first, last }: { first: number; last: number },
  { index, of }: { index: number; of: number },
): Omit<Requests, 'message'> {
  let next = last - index;
  return {
    drawClass: () => 0,
    drawKey: () => {
      const key = next;
      next -= of;
      return key;
    },
    exhausted: () => next < first,
  };
}
