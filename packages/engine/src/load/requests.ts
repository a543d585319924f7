import type { LoadOrder } from '../measuring.js';
import type { Random } from '../random.js';
import { createKeys } from './keys.js';
import type { Message } from './http1/messages.js';
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
}): Requests {
  const { order, messages, share, random } = from;
  const message = (requestClass: number, node: number): Message => messages[requestClass]![node]!;
  if (order.sweep) return { ...sweep(order.requests[0]?.keys?.count ?? 0, share), message };
  const keys = order.requests.map(({ keys }) => (keys === undefined ? null : createKeys(keys, random)));
  const weights = order.requests.map(({ weight }) => weight);
  return {
    drawClass: createDraw(weights, random),
    drawKey: (requestClass) => keys[requestClass]?.() ?? 0,
    message,
    exhausted: () => false,
  };
}

/** Every key of this thread's share once, from the last to the first: keys are drawn most often from the first on. */
function sweep(count: number, { index, of }: { index: number; of: number }): Omit<Requests, 'message'> {
  let next = count - index;
  return {
    drawClass: () => 0,
    drawKey: () => {
      const key = next;
      next -= of;
      return key;
    },
    exhausted: () => next < 1,
  };
}
