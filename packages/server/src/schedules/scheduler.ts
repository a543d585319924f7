import {
  HiveError,
  newScheduledRunId,
  toHiveError,
  type Schedule,
  type ScheduledResult,
  type ScheduledRun,
} from '@hive/contract';
import type { Clock } from '@hive/engine';
import type { Log } from '../log.js';
import type { Claimed, Store } from '../store/store.js';
import { loadTimetable, type Timetable } from './timetable.js';

/** How long a run is held without a word of its holder. */
const LEASE_MS = 60_000;
/** How often what may have changed elsewhere is looked at, and runs are held on to. */
const LOOK_MS = 15_000;
/** Where there is no schedule: another server may get one. */
const IDLE_MS = 60_000;
/** How often a busy Hive is asked again. */
const BUSY_MS = 5_000;

export interface Outcome {
  result: Exclude<ScheduledResult, 'running'>;
  reason: string | null;
  checkId?: string;
}

/** Does what a schedule says, once. `told` hears of the session that it began. @throws HiveError `busy`, and others. */
export type Work = (
  schedule: Schedule,
  given: { signal: AbortSignal; told: (sessionId: string) => void },
) => Promise<Outcome>;

export interface Scheduler {
  /** Something has changed: looks at once. */
  kick(): void;
  /** Runs a schedule now. @throws HiveError `conflict` while it runs. */
  run(schedule: Schedule): Promise<ScheduledRun>;
  /** Ends what runs here, marked as interrupted. */
  close(): Promise<void>;
}

interface Parts {
  store: Store;
  clock: Clock;
  log: Log;
  work: Work;
  /** Hears of each run that ended. */
  onEnded?: (schedule: Schedule) => Promise<void>;
}

/** Does what is scheduled when it is due. Of several servers on one store, each time is one's. Costs nothing while there is no schedule. */
export function createScheduler(parts: Parts): Scheduler {
  const { store, clock, log } = parts;
  const over = new AbortController();
  const running = new Map<string, Promise<void>>();
  let wake = new AbortController();
  let timetable: Timetable | null = null;

  const now = (): Date => new Date(clock.wall());
  const leaseUntil = (): Date => new Date(clock.wall() + LEASE_MS);

  /** What is due is begun. Returns how long nothing will be, ms. */
  async function look(): Promise<number> {
    const first = await store.nextScheduleAt();
    if (first === null && running.size === 0) return IDLE_MS;
    timetable ??= await loadTimetable();
    const { nextMs } = timetable;
    if (running.size > 0) await store.extendScheduledRuns([...running.keys()], leaseUntil());
    const interrupted = await store.interruptScheduledRuns(now());
    if (interrupted > 0) log.warn({ runs: interrupted }, 'scheduled runs were interrupted');
    if (first !== null && first.getTime() <= clock.wall()) {
      const nextOf = (schedule: Schedule): Date | null => {
        const next = nextMs(schedule, clock.wall());
        return next === null ? null : new Date(next);
      };
      const claim = { now: now(), leaseUntil: leaseUntil(), nextOf, newId: newScheduledRunId };
      for (const claimed of await store.claimSchedules(claim)) {
        if (claimed.run.result === 'running') begin(claimed);
      }
    }
    const next = await store.nextScheduleAt();
    return Math.min(LOOK_MS, Math.max(0, (next?.getTime() ?? Number.POSITIVE_INFINITY) - clock.wall()));
  }

  function begin({ schedule, run }: Claimed): void {
    const done = carryOut(schedule, run)
      .catch((error: unknown) => log.error({ err: error, schedule: schedule.id }, 'a scheduled run could not be kept'))
      .finally(() => running.delete(run.id));
    running.set(run.id, done);
  }

  async function carryOut(schedule: Schedule, run: ScheduledRun): Promise<void> {
    let sessionId: string | null = null;
    const told = (id: string): void => {
      sessionId = id;
      // So that who looks meanwhile finds it.
      store.updateScheduledRun({ ...run, sessionId }).catch(() => undefined);
    };
    const outcome = await inTurn(schedule, run, told);
    const { checkId = null, ...ended } = outcome;
    await store.updateScheduledRun({ ...run, ...ended, sessionId, checkId, endedAt: now().toISOString() });
    log.info({ schedule: schedule.id, target: schedule.target, ...ended }, 'scheduled run ended');
    await parts.onEnded?.(schedule);
  }

  /** Waits while Hive measures something else, as long as its own next time has not come. */
  async function inTurn(schedule: Schedule, run: ScheduledRun, told: (id: string) => void): Promise<Outcome> {
    timetable ??= await loadTimetable();
    const dueMs = Date.parse(run.dueAt);
    const waitsUntilMs = Math.max(clock.wall(), dueMs) + timetable.intervalMs(schedule, dueMs) - 2 * BUSY_MS;
    for (;;) {
      const outcome = await parts
        .work(schedule, { signal: over.signal, told })
        .catch((error: unknown) => toHiveError(error));
      if (over.signal.aborted) return { result: 'interrupted', reason: 'this Hive was stopped' };
      if (!(outcome instanceof HiveError)) return outcome;
      if (outcome.code !== 'busy') return { result: resultOf(outcome), reason: outcome.message };
      if (clock.wall() + BUSY_MS > waitsUntilMs) {
        return { result: 'skipped', reason: `Hive was busy until its next time: ${outcome.message}` };
      }
      await clock.sleep(BUSY_MS, over.signal);
    }
  }

  async function keepLooking(): Promise<void> {
    while (!over.signal.aborted) {
      wake = new AbortController();
      const pauseMs = await look().catch((error: unknown) => {
        log.warn({ err: error }, 'schedules could not be read; it is tried again');
        return LOOK_MS;
      });
      await clock.sleep(pauseMs, wake.signal);
    }
  }
  const looking = keepLooking();

  return {
    kick: () => wake.abort(),
    async run(schedule) {
      const at = now().toISOString();
      const started = { dueAt: at, startedAt: at, endedAt: null, result: 'running' as const, reason: null };
      const run = { id: newScheduledRunId(), scheduleId: schedule.id, ...started, sessionId: null, checkId: null };
      if (!(await store.startScheduledRun(run, leaseUntil())))
        throw new HiveError('conflict', `the schedule '${schedule.id}' runs already`, {
          hint: 'wait until it has ended',
        });
      begin({ schedule, run });
      // From now on it is held on to.
      wake.abort();
      return run;
    },
    async close() {
      over.abort();
      wake.abort();
      await looking;
      await Promise.all(running.values());
    },
  };
}

/** What stood in the way of a measurement is no finding about its target, unless the target did. */
function resultOf(error: HiveError): Outcome['result'] {
  return error.code === 'target_unreachable' ? 'fail' : 'invalid';
}
