import type { ErrorCode, RouteName } from '@hive/contract';
import type { Piece } from './pieces.js';

/** To the thread: a body to be checked, or that the next portion is wanted. */
export type ToBodyWorker = { type: 'check'; name: RouteName; bytes: Uint8Array } | { type: 'more' };

/** From the thread: a portion of what it made of the body, or why the body is refused. */
export type FromBodyWorker =
  | { type: 'portion'; pieces: Piece[]; last: boolean }
  | { type: 'refused'; code: ErrorCode; message: string; hint?: string; details?: Record<string, unknown> };
