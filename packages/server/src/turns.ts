import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long work in one process lets the others have their turn so often, ms. */
const MOST_MS = 10;

/** To be awaited between the steps of long work: where it has gone on for long, others have their turn. */
export function createTurns(): () => Promise<void> {
  let sinceMs = performance.now();
  return async () => {
    if (performance.now() - sinceMs < MOST_MS) return;
    await nextTurn();
    sinceMs = performance.now();
  };
}
