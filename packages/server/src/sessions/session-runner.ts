import { HiveError, NOTHING_RAN, statusOf, type SessionRow, type TrainingStatus, type Window } from '@hive/contract';
import { createLeases, type Lease, type Leases } from './lease.js';
import { createNews } from './news.js';
import type { RunnerParts } from './runner-parts.js';
import { announceEnd, runSession, type SessionOrder, type SessionOutcome } from './run-session.js';
import { firstRow, followProgress, resumedRow, type SessionProgress } from './session-progress.js';
import { createRecorder, type SessionRecorder, type Unwritten } from './session-recorder.js';
import { withinMs } from './within.js';

const STATUS_KEY = 'training_status';
const STATUS_TTL_MS = 5_000;
const STATUS_EVERY_MS = 1_000;
const CONTROL_TOPIC = 'control';
/** What closing waits for the database once the session is over. */
const CLOSE_MS = 500;
/** And for everyone to be told. */
const LEAVE_MS = 200;

export interface SessionRunner {
  /**
   * Begins a session; `done` resolves, and never rejects, when it is over: stored, or, where the database is away, waiting to be. `stored`
   * resolves when it is, or is given up, with what is lost.
   * @throws HiveError `busy` while another measurement runs, or the results of one still wait.
   */
  start(order: SessionOrder): Promise<{ done: Promise<SessionOutcome>; stored: Promise<Unwritten> }>;
  /** Aborts the running session, or only the one named, and resolves when it is over. Nothing running: nothing to do. */
  stop(sessionId?: string): Promise<void>;
  /** Aborts what runs, here and on every server that shares the bus, also where nobody knows of it. Resolves when it is over here. */
  stopAll(): Promise<void>;
  /** The running session, or only the one named, waits for no quiet machine any more. */
  runAnyway(sessionId?: string): Promise<void>;
  status(): Promise<TrainingStatus>;
  /** The newest live window of the session that runs here. */
  newestWindow(): Window | null;
  /** What waits to be stored of the session here. */
  unwritten(): Unwritten;
  /** Stops what runs and takes nothing new. */
  close(): Promise<void>;
}

interface Running {
  progress: SessionProgress;
  abort: AbortController;
  runAnyway: AbortController;
  recorder: SessionRecorder;
  done: Promise<SessionOutcome>;
  /** Also what was left to be written later is stored, or given up. */
  stored: Promise<Unwritten>;
}

const NOTHING_WAITS: Unwritten = { windows: 0, runs: 0, droppedWindows: 0 };

/** Makes the one place of a server in which measurements run. Servers that share a bus know of each other's session and can stop it. */
export async function createRunner(parts: RunnerParts, leases: Leases = createLeases(parts)): Promise<SessionRunner> {
  const { store, bus, log } = parts;
  let running: Running | null = null;
  /** Over, with results that wait for the database. */
  let storing: Running | null = null;
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

  const now = (): string => new Date(parts.clock.wall()).toISOString();

  async function sharedStatus(): Promise<TrainingStatus | null> {
    // Without the bus no one knows of the others.
    const text = await bus.get(STATUS_KEY).catch(() => null);
    return text === null ? null : (JSON.parse(text) as TrainingStatus);
  }

  async function busy(): Promise<HiveError> {
    if (storing) {
      const { id } = storing.progress.session();
      return new HiveError('busy', `the results of session ${id} are still to be stored`, {
        hint: 'see GET /api/health: the database does not answer',
        details: { session_id: id },
      });
    }
    const here = running?.progress.session().id ?? starting;
    const sessionId = here ?? (await sharedStatus())?.session_id ?? [...(await leases.alive())][0] ?? null;
    return new HiveError('busy', `session ${sessionId ?? 'of another server'} is running`, {
      details: { session_id: sessionId },
    });
  }

  function run(order: SessionOrder, begun: SessionRow, { lease, abort, breakOff, broken }: Held): Running {
    const runAnyway = new AbortController();
    const news = createNews(parts);
    const progress = followProgress(begun, parts.clock, order.resumes?.runs);
    const recorder = createRecorder({ parts, news, progress, place: order.place, onFailure: breakOff });
    const share = (): void => {
      bus.set(STATUS_KEY, JSON.stringify(progress.status()), STATUS_TTL_MS).catch(() => undefined);
    };
    const sharing = setInterval(share, STATUS_EVERY_MS);
    share();
    const { sessionId } = order;
    log.info({ session_id: sessionId, target: order.targetId, kinds: order.kinds }, 'session started');
    const over = runSession({
      parts,
      order,
      progress,
      recorder,
      news,
      abort,
      runAnyway: runAnyway.signal,
      broken,
    }).then(async (outcome) => {
      clearInterval(sharing);
      share();
      if (recorder.idle) await lease.end();
      return outcome;
    });
    const done = over.then((outcome) => {
      running = null;
      if (!recorder.idle) storing = here;
      const { session, error } = outcome;
      const details = { session_id: sessionId, status: session.status, reason: session.end_reason };
      if (error) log.error({ ...details, err: error }, 'session failed');
      else log.info(details, 'session ended');
      // Told last, so that whoever hears it can start the next session at once.
      announceEnd(news, outcome);
      return outcome;
    });
    const stored = done.then(async () => {
      await recorder.settled();
      // Until then no one else may call the session interrupted.
      await lease.end();
      if (storing === here) storing = null;
      const lost = recorder.unwritten();
      if (lost.windows + lost.runs + lost.droppedWindows > 0)
        log.error({ session_id: sessionId, ...lost }, 'results were lost: the database was away');
      return lost;
    });
    const here: Running = { progress, abort, runAnyway, recorder, done, stored };
    return here;
  }

  return {
    async start(order) {
      if (closed) throw new HiveError('conflict', 'the server is shutting down');
      if (running || storing || starting !== null) throw await busy();
      starting = order.sessionId;
      let lease: Lease | null = null;
      const stopping = createStopping();
      try {
        lease = await leases.take(order.sessionId, stopping.breakOff);
        if (lease === null) {
          starting = null;
          throw await busy();
        }
        const row = order.resumes ? resumedRow(order.resumes, parts.clock.wall()) : firstRow(order, now());
        await (order.resumes ? store.updateSession(row) : store.createSession(row));
        running = run(order, row, { lease, ...stopping });
        return { done: running.done, stored: running.stored };
      } catch (error) {
        await lease?.end();
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

    async stopAll() {
      running?.abort.abort();
      const told = bus.publish(CONTROL_TOPIC, JSON.stringify({ stop: null })).catch((error: unknown) => {
        log.warn({ err: error }, 'other servers could not be told to stop');
      });
      await Promise.all([running?.done, told]);
    },

    async runAnyway(sessionId) {
      if (isRunning(sessionId ?? null)) running?.runAnyway.abort();
      else await askElsewhere('runAnyway', sessionId);
    },

    async status() {
      // Running until its end is announced. Its results may wait for the database even then: no other session begins meanwhile.
      if (running) return { ...running.progress.status(), running: true };
      if (storing) return storing.progress.status();
      const elsewhere = await sharedStatus();
      if (elsewhere?.running) return elsewhere;
      const newest = (await store.listSessions({ limit: 1 })).rows[0];
      return newest ? statusOf(newest) : NOTHING_RAN;
    },

    newestWindow: () => (running ? running.progress.newestWindow() : null),
    unwritten: () => (running ?? storing)?.recorder.unwritten() ?? NOTHING_WAITS,

    async close() {
      closed = true;
      running?.abort.abort();
      await running?.done;
      if (storing) {
        const { recorder, stored } = storing;
        await withinMs(parts.clock, stored, CLOSE_MS);
        recorder.giveUp();
        await withinMs(parts.clock, stored, LEAVE_MS);
      }
      const left = control.close().catch((error: unknown) => log.debug({ err: error }, 'the bus was gone already'));
      await withinMs(parts.clock, left, LEAVE_MS);
    },
  };
}

/** How a session is ended from outside: stopped, or broken off for a reason. */
interface Stopping {
  abort: AbortController;
  breakOff(error: unknown): void;
  broken(): unknown;
}

/** What a session holds while it runs. */
type Held = Stopping & { lease: Lease };

function createStopping(): Stopping {
  const abort = new AbortController();
  let broken: unknown = null;
  return {
    abort,
    breakOff(error) {
      broken ??= error;
      abort.abort();
    },
    broken: () => broken,
  };
}
