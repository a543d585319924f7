import type { Target } from '@hive/contract';
import type { Cause } from '../checking/causes.js';
import type { Clock } from '../clock.js';
import type { Environment } from '../safety/secrets.js';
import type { Around, Load } from '../measuring.js';
import type { SharedAllowance } from '../allowance.js';
import type { Beside } from './beside.js';
import type { Outside } from './outside.js';
import type { Safeguards } from './guarding/safeguards.js';

/** What every run needs besides its scenario. */
export interface Surroundings {
  target: Target;
  load: Load;
  clock: Clock;
  /** Ends the run: the scenario counts as aborted and teaches nothing. */
  signal: AbortSignal;
  /** Addresses beyond loopback that may be dialled. */
  allowTargets: readonly string[];
  sessionId: string;
  /** Where `${NAME}` in a target's headers and bodies gets its value. */
  environment?: Environment;
  /** What else goes on on this machine; absent: nobody looks. */
  beside?: Beside;
  /** What `admit` allowed the session to send; absent: the target's caps. */
  allowance?: SharedAllowance | null | undefined;
  /** What watches over the session; absent: nothing does. */
  safeguards?: Safeguards;
  /** What it opens beside its load; absent: the real things. */
  outside?: Partial<Outside>;
}

/** What a scenario is judged by, once it is known: some latencies follow from what was measured at rest. */
export interface Standard {
  objectives: string[];
  latenciesMs: number[];
}

/** How the load of a scenario came to its end. */
export interface Ending {
  stoppedBecause: string | null;
  aborted: boolean;
  /** Requests sent or waiting when the last fault was taken off. */
  backlog: number;
  /** Why nothing is answered any more, at rest neither; null: it answers. */
  gone: Cause | null;
  /** Why every request went wrong in the same way, under load as at rest; null: they did not. */
  alike: Cause | null;
  /** It went at a load that had been answered before: the run says nothing of what the target can take. */
  teachesNothing: boolean;
  /** What shared this machine with it. */
  around: Around;
}
