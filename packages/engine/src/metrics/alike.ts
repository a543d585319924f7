import type { Tick, TickExample } from '../measuring.js';

/** Whether all requests of a run go wrong in one and the same way. */
export interface Alike {
  add(tick: Tick): void;
  /** The way, once enough requests ended for it to be no accident; null: one ended otherwise, or too few did. */
  soFar(): TickExample | null;
  /** The way in which all of a run's requests ended, however few they were. */
  all(): TickExample | null;
}

/** This many alike are no accident … */
const ENOUGH = 10;
/** … nor are these, once they took so long. */
const FEW = 3;
const FEW_MS = 1_000;

export function createAlike(): Alike {
  let example: TickExample | null = null;
  let differs = false;
  let ended = 0;
  let nowMs = 0;

  const all = (): TickExample | null => (differs || example === null || example.count !== ended ? null : example);
  return {
    add({ parts, toMs }) {
      nowMs = toMs;
      for (const { counts, examples = [] } of parts) {
        ended += counts.answered + counts.failed + counts.timedOut;
        if (counts.good > 0 || examples.length > 1) differs = true;
        for (const one of examples) {
          example ??= { ...one, count: 0 };
          if (one.kind === example.kind && one.code === example.code) example.count += one.count;
          else differs = true;
        }
      }
    },
    soFar: () => (ended >= ENOUGH || (ended >= FEW && nowMs >= FEW_MS) ? all() : null),
    all,
  };
}
