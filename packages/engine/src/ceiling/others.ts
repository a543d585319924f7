import type { MachineState } from '@hive/contract';
import type { Clock } from '../clock.js';
import { hasRoom } from '../machine/around.js';
import { stateOf } from '../machine/in-words.js';
import { watchMachine, type MachineWatch } from '../machine/machine-watch.js';

/** Long enough to tell a process that works now and then from one that works. */
const LOOK_MS = 1_000;
/** What can be sent is measured with most of a machine: this share of the cores must be free. */
const NEEDED_SHARE = 0.75;

/** Looks whether others leave this machine enough to measure what it can send. */
export interface OthersWatch {
  /** Looks for a second in which nothing is sent; null: enough is left, or nobody knows. */
  before(): Promise<MachineState | null>;
  /** What others used since, while it was measured; null as above. */
  since(): MachineState | null;
}

/** `signal` ends the looking. */
export function watchOthers(of: { clock: Clock; signal: AbortSignal; watch?: MachineWatch }): OthersWatch {
  const { clock, signal, watch = watchMachine({ nodes: [] }) } = of;
  const seen = (during: 'rest' | 'run'): MachineState | null => {
    const usage = watch.look(during);
    if (usage === null || hasRoom(usage, NEEDED_SHARE * usage.cores)) return null;
    return stateOf(usage, { busy: true, waiting: false, hopeless: true });
  };
  return {
    async before() {
      await clock.sleep(LOOK_MS, signal);
      return signal.aborted ? null : seen('rest');
    },
    since: () => seen('run'),
  };
}
