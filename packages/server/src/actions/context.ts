import type { Load } from '@hive/engine';
import type { RunnerParts } from './runner-parts.js';
import type { SessionRunner } from './session-runner.js';

/** What every action may use. */
export interface Context extends RunnerParts {
  load: Load;
  runner: SessionRunner;
  /** Addresses beyond loopback that may be dialled. */
  allowTargets: readonly string[];
  version: string;
}
