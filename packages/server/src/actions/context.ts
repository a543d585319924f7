import type { Ceiling } from '@hive/contract';
import type { Load } from '@hive/engine';
import type { RunnerParts } from './runner-parts.js';
import type { SessionRunner } from './session-runner.js';

/** What every action may use. */
export interface Context extends RunnerParts {
  load: Load;
  /** Threads of the load. */
  threads: number;
  runner: SessionRunner;
  /** Addresses beyond loopback that may be dialled. */
  allowTargets: readonly string[];
  version: string;
  /** Variables that a target's `${NAME}` may be filled from. */
  secrets: Readonly<Record<string, string | undefined>>;
  /** What `hive doctor` measured of this machine, as it is kept now; null: nothing. */
  ceiling(): Ceiling | null;
}
