import { HiveError } from '@hive/contract';
import { randomUUID } from 'node:crypto';
import type { Lock } from '../bus/bus.js';
import { holderIdentity, isGone } from '../process-identity.js';
import type { StoredLease } from '../store/store.js';
import type { RunnerParts } from './runner-parts.js';

/** The generator that all servers on one store share: they measure one at a time. */
const SHARED_GENERATOR = 'measurement';
/** Longer than a holder needs to renew after an outage: a statement without an answer, and the pause to the next try. */
const LEASE_MS = 15_000;
const RENEW_MS = 2_000;

/** The right to measure, renewed until it is given back. */
export interface Lease {
  /** Gives it back. Never rejects. */
  end(): Promise<void>;
}

/**
 * Who may measure. A lease is a row in the store. The lock on the bus beside it speaks for a holder who cannot reach the store; while the bus
 * is away it is done without.
 */
export interface Leases {
  /** Takes the right to measure; null while another has it. `onLost` is called once, when another has taken it meanwhile. */
  take(sessionId: string, onLost: (error: HiveError) => void): Promise<Lease | null>;
  /** The sessions that someone measures, as far as can be known. @throws HiveError `database_unreachable`. */
  alive(): Promise<ReadonlySet<string>>;
  /** Says whether the database was reached just now: after an outage nobody takes over a lease for one lease time, its holder renews first. */
  reached(yes: boolean): void;
}

export function createLeases({ store, bus, clock, log }: RunnerParts, generator = SHARED_GENERATOR): Leases {
  const holder = `${holderIdentity()} ${randomUUID()}`;
  /** Since when the database was reached at every try. */
  let reachedSinceMs: number | null = null;

  async function asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      const given = await answer;
      reachedSinceMs ??= clock.now();
      return given;
    } catch (error) {
      reachedSinceMs = null;
      throw error;
    }
  }

  /** `locked`: someone keeps the lock on the bus, which one who cannot reach the database does too. */
  function isOver(lease: StoredLease, { locked }: { locked: boolean }): boolean {
    if (lease.holder === holder) return false;
    if (isGone(lease.holder)) return true;
    return !locked && lease.expired && reachedSinceMs !== null && clock.now() - reachedSinceMs >= LEASE_MS;
  }

  /** Null: another has it. */
  const lockOnBus = (): Promise<Lock | null | 'away'> => bus.lock(generator, LEASE_MS).catch((): 'away' => 'away');

  async function takeRow(sessionId: string, locked: boolean): Promise<boolean> {
    const current = (await asked(store.listLeases())).find((lease) => lease.generator === generator);
    const from = current !== undefined && isOver(current, { locked }) ? current.holder : undefined;
    return asked(store.takeLease({ generator, holder, sessionId, ttlMs: LEASE_MS, from }));
  }

  function keep(sessionId: string, first: Lock | 'away', onLost: (error: HiveError) => void): Lease {
    let lock = first;
    let renewing = false;
    const renew = async (): Promise<void> => {
      if (await asked(store.takeLease({ generator, holder, sessionId, ttlMs: LEASE_MS }))) return;
      clearInterval(timer);
      onLost(new HiveError('busy', 'another server has begun to measure meanwhile', { hint: 'start it again' }));
    };
    const renewLock = async (): Promise<void> => {
      if (lock !== 'away' && (await lock.renew().catch(() => true))) return;
      lock = (await lockOnBus()) ?? 'away';
    };
    const timer = setInterval(() => {
      if (renewing) return;
      renewing = true;
      Promise.all([renew(), renewLock()])
        .catch((error: unknown) => log.warn({ err: error }, 'the lease could not be renewed'))
        .finally(() => (renewing = false));
    }, RENEW_MS);
    return {
      async end() {
        clearInterval(timer);
        const released = [store.releaseLease({ generator, holder })];
        if (lock !== 'away') released.push(lock.release());
        for (const { status } of await Promise.allSettled(released)) {
          if (status === 'rejected')
            log.warn({ session_id: sessionId }, 'the lease could not be released: it runs out');
        }
      },
    };
  }

  return {
    async take(sessionId, onLost) {
      const lock = await lockOnBus();
      let taken = false;
      try {
        // A lock without a row is one that a process left that has died.
        taken = await takeRow(sessionId, lock === null);
      } finally {
        if (!taken && lock !== null && lock !== 'away') await lock.release().catch(() => undefined);
      }
      return taken ? keep(sessionId, lock ?? 'away', onLost) : null;
    },
    async alive() {
      const leases = await asked(store.listLeases());
      return new Set(leases.filter((lease) => !isOver(lease, { locked: false })).map(({ sessionId }) => sessionId));
    },
    reached(yes) {
      if (!yes) reachedSinceMs = null;
      else reachedSinceMs ??= clock.now();
    },
  };
}
