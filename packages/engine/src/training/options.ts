import type { Ceiling, Kind } from '@hive/contract';
import type { Surroundings } from '../execution/running.js';
import type { LearnedResult } from '../learning/axis.js';
import type { SayBudget } from './planning/plan.js';

/** What a session is asked for. */
export interface TrainOptions extends Surroundings {
  kinds: readonly Kind[];
  /** A hard wall-clock end. */
  budgetMs: number;
  /** Half width of the wanted interval, as a share: 0.05 is ±5 %. */
  precision: number;
  seed: number;
  /** How long the safe rate must hold before the end, within the budget; absent: no hold. */
  holdMs?: number | undefined;
  /** What was stored of this target before, oldest first. */
  history: readonly LearnedResult[];
  /** What `hive doctor` measured of this machine; null: nothing. */
  ceiling?: Ceiling | null;
  /** Aborted when nobody wants to wait for a quiet machine, from the start or from then on. */
  runAnyway?: AbortSignal;
  /** Threads of the load. */
  threads?: number;
  /** How a larger budget is asked for in the reasons of the plan; absent: as on the command line. */
  sayBudget?: SayBudget | undefined;
}
