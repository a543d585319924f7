import type { Log } from '../log.js';
import { oneLine } from './errors.js';

/** Hears of each statement when it is over: its text, in which places stand for values, and how long it took, also waiting for others. */
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

/** Does the work of a statement, and says how long it took, however it ends. */
export async function timed<Answer>(text: string, onQuery: OnQuery, work: () => Promise<Answer>): Promise<Answer> {
  const begunMs = performance.now();
  try {
    return await work();
  } finally {
    onQuery({ text, ms: performance.now() - begunMs });
  }
}
