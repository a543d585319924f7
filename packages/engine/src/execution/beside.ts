import type { Around } from '../measuring.js';
import { aroundOf, isFull, isStarved, overTime } from '../machine/around.js';
import { stateOf } from '../machine/in-words.js';
import type { MachineWatch } from '../machine/machine-watch.js';
import type { Usage } from '../machine/usage.js';
import type { TrainingEvent } from './events.js';

/** What goes on beside the runs of a session on this machine. */
export interface Beside {
  /** A run begins to load the target. */
  begin(run: { warmupMs: number }): void;
  /** Looks about once a second of a run; the event that says what it saw, or null. */
  follow(toMs: number): TrainingEvent | null;
  /** Its end: what shared the machine with what was judged. */
  end(toMs: number): Around;
  /** What was used while the newest run was judged, on average; null: nobody knows. */
  usage(): Usage | null;
  /** Looks while nothing is sent. */
  rest(): Usage | null;
  /** The event of a look at rest; null: it says nothing new. */
  tell(usage: Usage, is: { busy: boolean; waiting: boolean }): TrainingEvent | null;
  watch: MachineWatch;
}

const EVERY_MS = 1_000;
/** One look may be a slip. */
const LOOKS_IN_A_ROW = 2;
/** The figures are told again after this many looks. */
const AGAIN_AFTER = 3;

/** Follows the machine over a session. */
export function createBeside(watch: MachineWatch): Beside {
  let usages: Usage[] = [];
  let warmupMs = 0;
  let nextMs = EVERY_MS;
  /** Looks in a row that were busy, or that were not. */
  let row = { busy: false, looks: 0 };
  let told = { busy: false, waiting: false, looks: 0 };

  function tell(usage: Usage, is: { busy: boolean; waiting: boolean }): TrainingEvent | null {
    const isNew = is.busy !== told.busy || is.waiting !== told.waiting;
    const looks = isNew ? 0 : told.looks + 1;
    const isToTell = isNew || (is.busy && looks >= AGAIN_AFTER);
    told = { ...is, looks: isToTell ? 0 : looks };
    return isToTell
      ? { type: 'machine', machine: stateOf(usage, { ...is, hopeless: is.waiting || isStarved(usage) }) }
      : null;
  }

  function take(toMs: number): Usage | null {
    const usage = watch.look('run');
    // Others in the warm-up spoil nothing.
    if (usage !== null && toMs > warmupMs) usages.push(usage);
    return usage;
  }

  return {
    watch,
    begin(run) {
      watch.look('run');
      usages = [];
      warmupMs = run.warmupMs;
      nextMs = EVERY_MS;
    },
    follow(toMs) {
      if (toMs < nextMs) return null;
      nextMs = toMs + EVERY_MS;
      const usage = take(toMs);
      if (usage === null) return null;
      const busy = isFull(usage);
      row = { busy, looks: busy === row.busy ? row.looks + 1 : 1 };
      return tell(usage, { busy: row.looks >= LOOKS_IN_A_ROW ? busy : told.busy, waiting: false });
    },
    end(toMs) {
      take(toMs);
      return aroundOf(usages);
    },
    usage: () => (usages.length === 0 ? null : overTime(usages)),
    rest: () => watch.look('rest'),
    tell,
  };
}
