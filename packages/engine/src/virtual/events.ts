import { createHeap } from './heap.js';

/** What happens next, in the order of time; at one moment in the order in which it was planned. */
export interface Events {
  plan(atMs: number, happen: (atMs: number) => void): void;
  /** Lets everything happen up to this moment, what comes of it included. */
  until(toMs: number): void;
}

interface Event {
  atMs: number;
  number: number;
  happen: (atMs: number) => void;
}

const isBefore = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);

/** No events yet. */
export function createEvents(): Events {
  const events = createHeap(isBefore);
  let planned = 0;
  return {
    plan: (atMs, happen) => events.put({ atMs, number: planned++, happen }),
    until(toMs) {
      for (let next = events.first(); next !== undefined && next.atMs <= toMs; next = events.first()) {
        events.take();
        next.happen(next.atMs);
      }
    },
  };
}
