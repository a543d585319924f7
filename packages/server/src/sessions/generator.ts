import type { Ceiling } from '@hive/contract';
import type { Clock, Load, Outside } from '@hive/engine';

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
  /** Variables that a target's `${NAME}` may be filled from. */
  environment: Readonly<Record<string, string | undefined>>;
  /** What `hive doctor` measured of this machine, as it is kept now; null: nothing. */
  ceiling(): Ceiling | null;
}
