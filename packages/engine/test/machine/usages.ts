import type { MachineWatch } from '../../src/machine/machine-watch.js';
import type { Usage } from '../../src/machine/usage.js';

/** Two cores for one second, nobody on them but a little of Hive. */
export const QUIET: Usage = {
  spanMs: 1_000,
  cores: 2,
  idle: 1.8,
  hive: 0.1,
  target: 0.1,
  strain: 0.1,
  others: 0,
  heaviest: [],
  stealShare: 0,
  throttledShare: 0,
  suspendedMs: 0,
};

/** The same, full of a browser. */
export const FULL: Usage = {
  ...QUIET,
  idle: 0,
  strain: 0.9,
  others: 1.8,
  heaviest: [
    { pid: 11, name: 'chromium', cores: 1.1 },
    { pid: 12, name: 'node', cores: 0.7 },
  ],
};

/** A machine that is as it is told at each look. */
export function machineThat(shows: (during: 'run' | 'rest') => Usage | null): MachineWatch {
  return { look: shows, compare: () => undefined, isTargetHidden: false };
}
