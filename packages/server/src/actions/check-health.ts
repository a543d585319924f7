import { toHiveError } from '@hive/contract';
import type { Clock } from '@hive/engine';
import type { Bus } from '../bus/bus.js';
import { MOST_WINDOWS_WAITING, type Unwritten } from '../sessions/session-recorder.js';
import type { SessionRunner } from '../sessions/session-runner.js';
import { withinMs } from '../sessions/within.js';
import type { Store } from '../store/store.js';
import type { Verb } from './verb.js';

export interface Health {
  status: 'healthy' | 'degraded';
  timestamp: string;
  checks: Record<string, { status: 'up' | 'down'; message?: string }>;
  /** What waits to be stored of the session here, and how much may. */
  unwritten: Unwritten & { mostWindows: number };
  /** Without its database the server cannot serve. */
  canServe: boolean;
}

const LIMIT_MS = 2_000;

/** Asks database and bus whether they answer within `LIMIT_MS`. Anyone may ask. Never throws. */
export function checkHealth(parts: {
  store: Store;
  bus: Bus;
  clock: Clock;
  runner: Pick<SessionRunner, 'unwritten'>;
}): Verb<void, Health> {
  const { store, bus, clock, runner } = parts;
  return async () => {
    const [database, shared] = await Promise.all([answers(store.ping(), clock), answers(bus.ping(), clock)]);
    const healthy = database.status === 'up' && shared.status === 'up';
    return {
      status: healthy ? 'healthy' : 'degraded',
      timestamp: new Date(clock.wall()).toISOString(),
      checks: { database, bus: shared },
      unwritten: { ...runner.unwritten(), mostWindows: MOST_WINDOWS_WAITING },
      canServe: database.status === 'up',
    };
  };
}

async function answers(ping: Promise<void>, clock: Clock): Promise<Health['checks'][string]> {
  try {
    const answered = await withinMs(clock, ping, LIMIT_MS);
    return answered ? { status: 'up' } : { status: 'down', message: `no answer within ${LIMIT_MS} ms` };
  } catch (error) {
    // Anyone may ask: where the database is and who uses it is said in the log alone.
    return { status: 'down', message: `cannot be used (${toHiveError(error).code})` };
  }
}
