import type { Target } from '@hive/contract';
import type { LearnedResult } from '@hive/engine';

/** Targets whose results are held: what was folded of them goes on with the next result instead of beginning anew. */
const MOST_TARGETS = 20;
/** Forty results of each kind can count. */
const MOST_RUNS = 400;

interface Held {
  target: Target;
  runs: Map<string, LearnedResult>;
}

/** By the target as JSON, the one asked for last at the end. */
const held = new Map<string, Held>();

/** The object that was given before for the same target: the engine remembers by objects. */
export function same(target: Target): Target {
  return heldOf(target).target;
}

/** The objects that were given before for the same runs of a target. A run that was executed again is of another session. */
export function sameRuns(target: Target, history: readonly LearnedResult[]): LearnedResult[] {
  const { runs } = heldOf(target);
  return history.map((run) => {
    const { sessionId, at, scenario } = run;
    const key = [sessionId, at, scenario.kind, scenario.intensity].join(' ');
    const known = runs.get(key) ?? run;
    runs.delete(key);
    runs.set(key, known);
    if (runs.size > MOST_RUNS) forgetFirst(runs);
    return known;
  });
}

function heldOf(target: Target): Held {
  const key = JSON.stringify(target);
  const own = held.get(key) ?? { target, runs: new Map<string, LearnedResult>() };
  held.delete(key);
  held.set(key, own);
  if (held.size > MOST_TARGETS) forgetFirst(held);
  return own;
}

function forgetFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
