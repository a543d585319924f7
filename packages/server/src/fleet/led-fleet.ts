import { HiveError, type Fleet, type Invitation, type OnLostBee, type Regions } from '@hive/contract';
import type { Load } from '@hive/engine';
import type { Ask, AskedFrom } from '@hive/fleet';

/** The load generators that this Hive leads. */
export interface LedFleet {
  /** Who was invited, and how each is. */
  view(): Fleet;
  /** The load of those of some regions. Its runs throw HiveError `fleet_unreachable` when nobody of one is idle. */
  load(regions: Regions, more: { onLost: OnLostBee }): Load;
  /** What one load generator of each region sees of a target: a check. */
  ask(regions: Regions, what: Ask): Promise<AskedFrom[]>;
  /** Throws HiveError `validation`, `conflict` where the name is taken. */
  invite(asked: { name: string; region: string | null }): Promise<Invitation>;
  /** Throws HiveError `not_found`. */
  revoke(name: string): Promise<void>;
  /** Calls back when somebody came, left, or is in another state; returns how to end that. */
  watch(changed: (fleet: Fleet) => void): () => void;
  close(): Promise<void>;
}

/** The hint wherever a fleet is asked for and there is none. */
export const NO_FLEET_HINT = 'set NATS_URL and HIVE_FLEET_KEYS before hive up: see docs/fleet.md';

/** The fleet. @throws HiveError `conflict` where this Hive leads none. */
export function ledFleet(fleet: LedFleet | null): LedFleet {
  if (fleet !== null) return fleet;
  throw new HiveError('conflict', 'this Hive leads no load generators on other machines', { hint: NO_FLEET_HINT });
}
