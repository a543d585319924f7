import { HiveError, NOTHING_RAN, statusOf, type TrainingStatus, type Window } from '@hive/contract';
import type { Lock } from '../bus/bus.js';
import type { RunnerParts } from './runner-parts.js';
import { announceEnd, runSession, type SessionOrder, type SessionOutcome } from './run-session.js';
import { firstRow, followProgress, type SessionProgress } from './session-progress.js';

/** One measurement at a time, over all servers that share a bus. */
export const MEASUREMENT_LOCK = 'measurement';
const LEASE_MS = 10_000;
const RENEW_MS = 2_000;
const STATUS_KEY = 'training_status';
const STATUS_TTL_MS = 5_000;
const STATUS_EVERY_MS = 1_000;
const CONTROL_TOPIC = 'control';

export interface SessionRunner {
  /**
   * Begins a session; `done` resolves, and never rejects, when it is over and stored.
   * @throws HiveError `busy` while another measurement runs.
   */
  start(order: SessionOrder): Promise<{ done: Promise<SessionOutcome> }>;
  /** Aborts the running session, or only the one named, and resolves when it is over. Nothing running: nothing to do. */
  stop(sessionId?: string): Promise<void>;
  /** The running session, or only the one named, waits for no quiet machine any more. */
  runAnyway(sessionId?: string): Promise<void>;
  status(): Promise<TrainingStatus>;
  /** The newest live window of the session that runs here. */
  newestWindow(): Window | null;
  /** Stops what runs and takes nothing new. */
  close(): Promise<void>;
}

interface Running {
  progress: SessionProgress;
  abort: AbortController;
  runAnyway: AbortController;
  done: Promise<SessionOutcome>;
}

/** Makes the one place of a server in which measurements run. Servers that share a bus know of each other's session and can stop it. */
export async function createRunner(parts: RunnerParts): Promise<SessionRunner> {
  const { store, bus, log } = parts;
  let running: Running | null = null;
  let starting: string | null = null;
  let closed = false;
  const control = await bus.subscribe(CONTROL_TOPIC, (_seq, payload) => {
    const asked = JSON.parse(payload) as { stop?: string | null; runAnyway?: string | null };
    if (asked.stop !== undefined && isRunning(asked.stop)) running?.abort.abort();
    if (asked.runAnyway !== undefined && isRunning(asked.runAnyway)) running?.runAnyway.abort();
  });

  const isRunning = (sessionId: string | null): boolean =>
    running !== null && (sessionId === null || running.progress.session().id === sessionId);

  /** Asks the server that measures, where it is another. */
  async function askElsewhere(what: 'stop' | 'runAnyway', sessionId: string | undefined): Promise<void> {
    const elsewhere = await sharedStatus();
    if (elsewhere?.running && (sessionId === undefined || elsewhere.session_id === sessionId))
      await bus.publish(CONTROL_TOPIC, JSON.stringify({ [what]: sessionId ?? null }));
  }

  async function sharedStatus(): Promise<TrainingStatus | null> {
    const text = await bus.get(STATUS_KEY);
    return text === null ? null : (JSON.parse(text) as TrainingStatus);
  }

  async function busy(): Promise<HiveError> {
    const here = running?.progress.session().id ?? starting;
    const sessionId = here ?? (await sharedStatus())?.session_id ?? null;
    return new HiveError('busy', `session ${sessionId ?? 'of another server'} is running`, {
      details: { session_id: sessionId },
    });
  }

  function run(order: SessionOrder, lock: Lock, progress: SessionProgress): Running {
    const [abort, runAnyway] = [new AbortController(), new AbortController()];
    const lease = keepLease(lock);
    const share = (): void => {
      bus.set(STATUS_KEY, JSON.stringify(progress.status()), STATUS_TTL_MS).catch(() => undefined);
    };
    const sharing = setInterval(share, STATUS_EVERY_MS);
    share();
    const { sessionId } = order;
    log.info({ session_id: sessionId, target: order.targetId, kinds: order.kinds }, 'session started');
    const done = runSession({
      parts,
      order,
      progress,
      abort,
      runAnyway: runAnyway.signal,
      lost: lease.lost,
    }).then(async (outcome) => {
      clearInterval(sharing);
      lease.end();
      share();
      await lock.release().catch((error: unknown) => log.warn({ err: error }, 'the lease could not be released'));
      running = null;
      const { session, error } = outcome;
      const details = { session_id: sessionId, status: session.status, reason: session.end_reason };
      if (error) log.error({ ...details, err: error }, 'session failed');
      else log.info(details, 'session ended');
      // Told last, so that whoever hears it can start the next session at once.
      await announceEnd(parts, outcome);
      return outcome;
    });
    return { progress, abort, runAnyway, done };
  }

  function keepLease(lock: Lock): { lost: Promise<never>; end: () => void } {
    let renewing: NodeJS.Timeout | undefined;
    const lost = new Promise<never>((_, reject) => {
      const renew = async (): Promise<void> => {
        if (!(await lock.renew())) reject(new HiveError('bus_unreachable', 'the lease of the measurement was lost'));
      };
      renewing = setInterval(() => {
        renew().catch((error: unknown) => log.warn({ err: error }, 'the lease could not be renewed'));
      }, RENEW_MS);
    });
    return { lost, end: () => clearInterval(renewing) };
  }

  return {
    async start(order) {
      if (closed) throw new HiveError('conflict', 'the server is shutting down');
      if (running || starting !== null) throw await busy();
      starting = order.sessionId;
      let lock: Lock | null = null;
      try {
        lock = await bus.lock(MEASUREMENT_LOCK, LEASE_MS);
        if (lock === null) {
          starting = null;
          throw await busy();
        }
        const row = firstRow(order, new Date(parts.clock.wall()).toISOString());
        await store.createSession(row);
        running = run(order, lock, followProgress(row, parts.clock));
        return { done: running.done };
      } catch (error) {
        await lock?.release().catch(() => undefined);
        throw error;
      } finally {
        starting = null;
      }
    },

    async stop(sessionId) {
      const here = running;
      if (here && (sessionId === undefined || here.progress.session().id === sessionId)) {
        here.abort.abort();
        await here.done;
        return;
      }
      await askElsewhere('stop', sessionId);
    },

    async runAnyway(sessionId) {
      if (isRunning(sessionId ?? null)) running?.runAnyway.abort();
      else await askElsewhere('runAnyway', sessionId);
    },

    async status() {
      // Over only when it is stored and the next can begin.
      if (running) return { ...running.progress.status(), running: true };
      const elsewhere = await sharedStatus();
      if (elsewhere?.running) return elsewhere;
      const newest = (await store.listSessions({ limit: 1 })).rows[0];
      return newest ? statusOf(newest) : NOTHING_RAN;
    },

    newestWindow: () => (running ? running.progress.newestWindow() : null),

    async close() {
      closed = true;
      running?.abort.abort();
      await running?.done;
      await control.close().catch((error: unknown) => log.debug({ err: error }, 'the bus was gone already'));
    },
  };
}
