import type { Usage } from './usage.js';

/** While Hive sends nothing, a process that belongs to the load is idle. */
const IDLE_CORES = 0.1;
/** It belongs to the load when it worked with it this often, and never without. */
const TIMES = 2;

/** How often each process worked during a run and rested after it. */
export type Accompanied = ReadonlyMap<number, number>;

/**
 * A database or an application behind a proxy works when the target works: it is part of it, though it has no socket that Hive dials. So a process
 * that was busy in a run and idle in the first rest after it, twice in a row, is no longer one of the others. One that goes on is.
 */
export function accompany(before: Accompanied, run: Usage, rest: Usage): Accompanied {
  const atRest = new Map(rest.heaviest.map(({ pid, cores }) => [pid, cores]));
  const now = new Map(before);
  for (const { pid, cores } of run.heaviest) {
    if (cores < IDLE_CORES) continue;
    if ((atRest.get(pid) ?? 0) < IDLE_CORES) now.set(pid, (now.get(pid) ?? 0) + 1);
    else now.delete(pid);
  }
  return now;
}

/** The processes that belong to the target by their work. */
export const accompanying = (all: Accompanied): number[] =>
  [...all].filter(([, times]) => times >= TIMES).map(([pid]) => pid);
