import type { ScenarioResult } from '@hive/contract';
import { createBeside, type Beside } from '../execution/beside.js';
import type { TrainingEvent } from '../execution/events.js';
import { outsideOf } from '../execution/outside.js';
import type { Surroundings } from '../execution/running.js';
import { hasRoom } from '../machine/around.js';
import { recover } from './recover.js';

/** After a disturbance the machine has this long to be quiet again. */
const MOST_WAIT_MS = 15_000;
const LOOK_MS = 1_000;
/** A target whose processes cannot be seen is told from the others by what is used before anything is sent. */
const FIRST_REST_MS = 300;

/** Begins to watch this machine for a session. */
export async function openBeside(options: Surroundings): Promise<Beside> {
  const { target, clock, signal } = options;
  const beside = createBeside(outsideOf(options).watchMachine(target));
  if (!beside.watch.isTargetHidden) return beside;
  await clock.sleep(FIRST_REST_MS, signal);
  beside.rest();
  return beside;
}

interface AfterRun extends Surroundings {
  beside: Beside;
  runAnyway?: AbortSignal | undefined;
  result: ScenarioResult;
}

/** After a run: the target must be itself again, and this machine quiet. Returns why the session must end, or null. */
export async function* settle(
  options: AfterRun & Parameters<typeof recover>[0],
): AsyncGenerator<TrainingEvent, string | null> {
  const trouble = yield* recover(options);
  if (trouble === null) yield* untilQuiet(options);
  return trouble;
}

/**
 * After a run that something else on this machine spoiled: waits until there is room for another, but no longer than 15 s, and not at all once
 * somebody said to run anyway.
 */
async function* untilQuiet(options: AfterRun): AsyncGenerator<TrainingEvent> {
  const { clock, signal, beside, runAnyway, result } = options;
  const run = beside.usage();
  if (result.validity.cause !== 'disturbance' || run === null) return;
  const wake = AbortSignal.any([signal, ...(runAnyway ? [runAnyway] : [])]);
  const since = clock.now();
  beside.rest();
  for (let looks = 0; ; looks += 1) {
    await clock.sleep(LOOK_MS, wake);
    const usage = beside.rest();
    // Nobody knows any more, or nobody wants to wait: the next run will show.
    if (usage === null || signal.aborted) return;
    if (looks === 0) beside.watch.compare(run, usage);
    const busy = !hasRoom(usage, run.hive + run.target);
    const waiting = busy && !wake.aborted && clock.now() - since < MOST_WAIT_MS;
    const told = beside.tell(usage, { busy, waiting });
    if (told !== null) yield told;
    if (!waiting) return;
  }
}
