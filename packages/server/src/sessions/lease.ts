import { HiveError } from '@hive/contract';
import type { Lock } from '../bus/bus.js';
import type { RunnerParts } from './runner-parts.js';

/** One measurement at a time, over all servers that share a bus. */
export const MEASUREMENT_LOCK = 'measurement';
const LEASE_MS = 10_000;
const RENEW_MS = 2_000;

/** The right to measure, renewed until it is given back. */
export interface Lease {
  /** Gives it back. Never rejects. */
  end(): Promise<void>;
}

/** Takes the right to measure; null while another has it. `onLost` is called once, when another has taken it meanwhile. */
export async function takeLease({ bus, log }: RunnerParts, onLost: (error: HiveError) => void): Promise<Lease | null> {
  const lock: Lock | null = await bus.lock(MEASUREMENT_LOCK, LEASE_MS);
  if (lock === null) return null;
  const renew = async (): Promise<void> => {
    if (await lock.renew()) return;
    clearInterval(renewing);
    onLost(new HiveError('bus_unreachable', 'the lease of the measurement was lost'));
  };
  const renewing = setInterval(() => {
    renew().catch((error: unknown) => log.warn({ err: error }, 'the lease could not be renewed'));
  }, RENEW_MS);
  return {
    async end() {
      clearInterval(renewing);
      await lock.release().catch((error: unknown) => log.warn({ err: error }, 'the lease could not be released'));
    },
  };
}
