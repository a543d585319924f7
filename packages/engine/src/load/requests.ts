import type { LoadOrder } from '../measuring.js';
import type { Random } from '../random.js';
import { createKeys } from './keys.js';
import type { Message } from './messages.js';
import { createDraw } from './weights.js';

/** What is sent: which class next, with which key, and its bytes for a node. */
export interface Requests {
  /** Draws a class by weight. */
  drawClass(): number;
  /** Draws a key of a class; 0 where it has none. */
  drawKey(requestClass: number): number;
  message(requestClass: number, node: number): Message;
}

/** `messages`: by class, then by node. */
export function createRequests(order: LoadOrder, messages: readonly (readonly Message[])[], random: Random): Requests {
  const keys = order.requests.map(({ keys }) => (keys === undefined ? null : createKeys(keys, random)));
  const weights = order.requests.map(({ weight }) => weight);
  return {
    drawClass: createDraw(weights, random),
    drawKey: (requestClass) => keys[requestClass]?.() ?? 0,
    message: (requestClass, node) => messages[requestClass]![node]!,
  };
}
