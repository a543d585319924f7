import type { Ceiling } from '@hive/contract';
import type { LedFleet } from '../fleet/led-fleet.js';
import type { Clock, Environment, Load, Outside } from '@hive/engine';

/** What sends the load of a session, and what bounds it. */
export interface Generator {
  load: Load;
  clock: Clock;
  /** How the target is asked for one thing alone, and this machine watched; absent: over real sockets, and by /proc. */
  outside: Partial<Pick<Outside, 'ask' | 'watchMachine'>>;
  /** Threads of the load. */
  threads: number;
  /** Addresses beyond loopback that may be dialled. */
  allowTargets: readonly string[];
  /** What a target's `${NAME}` may be filled from, as it is now. */
  environment(): Promise<Environment>;
  /** Load generators on other machines; null: there are none. */
  fleet: LedFleet | null;
  /** What `hive doctor` measured of this machine, as it is kept now; null: nothing. */
  ceiling(): Ceiling | null;
}
