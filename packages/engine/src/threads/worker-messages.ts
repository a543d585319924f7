import type { Message } from '../http1/messages.js';
import type { ResolvedNode } from '../http1/nodes.js';
import type { LoadOrder, Tick } from '../measuring.js';

/** Order for one thread: its share of a run that begins at one moment for all threads. */
export interface StartOrder {
  type: 'start';
  id: number;
  order: LoadOrder;
  nodes: ResolvedNode[];
  /** By request class, then by node. */
  messages: Message[][];
  share: { index: number; of: number };
  /** On the monotonic clock that all threads share (`process.hrtime`), ns. */
  startAtNs: bigint;
}

export type ToWorker = StartOrder | { type: 'abort'; id: number };

export type FromWorker =
  { type: 'ready' } | { type: 'tick'; id: number; tick: Tick } | { type: 'failed'; id: number; reason: string };
