import type { Log } from '../log.js';
import { oneLine } from './errors.js';

/** Hears of each statement when it is over: its text, in which places stand for values, and how long it took. */
export type OnQuery = (query: { text: string; ms: number }) => void;

/** What takes longer is worth a look at its plan. */
const SLOW_MS = 100;
/** A statement for many rows repeats itself. */
const MOST_CHARACTERS = 1_000;

/** Logs slow statements as warnings and all at debug, never with values: these may be headers of a target. */
export function logQueries(log: Log): OnQuery {
  return ({ text, ms }) => {
    const details = { ms: Math.round(10 * ms) / 10, query: oneLine(text.slice(0, MOST_CHARACTERS)) };
    if (ms > SLOW_MS) log.warn(details, 'slow query');
    else log.debug(details, 'query');
  };
}

/**
 * For a database that does one statement after another: does the work of a statement, and says how long it took, however it ends, without
 * the time in which it waited for those before it.
 */
export function createTimer(onQuery: OnQuery): <Answer>(text: string, work: () => Promise<Answer>) => Promise<Answer> {
  let freeMs = 0;
  return async (text, work) => {
    const begunMs = performance.now();
    try {
      return await work();
    } finally {
      const endMs = performance.now();
      onQuery({ text, ms: endMs - Math.max(begunMs, freeMs) });
      freeMs = endMs;
    }
  };
}
