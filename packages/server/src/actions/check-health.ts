import { toHiveError } from '@hive/contract';
import type { Context } from './context.js';

export interface Health {
  status: 'healthy' | 'degraded';
  checks: Record<string, { status: 'up' | 'down'; message?: string }>;
  /** Without its database the server cannot serve. */
  canServe: boolean;
}

/** Asks database and bus whether they answer within `LIMIT_MS`. Never throws. */
export async function checkHealth({ store, bus, clock }: Context): Promise<Health> {
  const check = async (ping: Promise<void>): Promise<{ status: 'up' | 'down'; message?: string }> => {
    const over = new AbortController();
    try {
      const answered = await Promise.race([
        ping.then(() => true),
        clock.sleep(LIMIT_MS, over.signal).then(() => false),
      ]);
      return answered ? { status: 'up' } : { status: 'down', message: `no answer within ${LIMIT_MS} ms` };
    } catch (error) {
      return { status: 'down', message: toHiveError(error).message };
    } finally {
      over.abort();
    }
  };
  const [database, shared] = await Promise.all([check(store.ping()), check(bus.ping())]);
  const healthy = database.status === 'up' && shared.status === 'up';
  return {
    status: healthy ? 'healthy' : 'degraded',
    checks: { database, bus: shared },
    canServe: database.status === 'up',
  };
}

const LIMIT_MS = 2_000;
