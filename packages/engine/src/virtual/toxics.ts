import type { ErrorKind } from '@hive/contract';
import type { Random } from '../random.js';
import type { VirtualToxic } from './service.js';

/** What the faults on a link did to one request. */
export interface Suffered {
  moreMs: number;
  error: ErrorKind | null;
  /** It never comes through. */
  isLost: boolean;
}

/** What the faults on a link do to one request that crosses it `roundTrips` times. */
export function suffer(toxics: Iterable<VirtualToxic>, random: Random, roundTrips: number): Suffered {
  const suffered: Suffered = { moreMs: 0, error: null, isLost: false };
  for (const { type, attributes, share } of toxics) {
    if (share < 1 && random.next() >= share) continue;
    if (type === 'latency') suffered.moreMs += roundTrips * (attributes['latency'] ?? 0);
    else if (type === 'timeout') suffered.isLost = true;
    else if (type === 'reset_peer' || type === 'limit_data') suffered.error = 'reset';
    else if (type === 'slicer' || type === 'bandwidth') suffered.moreMs += 2_000;
  }
  return suffered;
}
