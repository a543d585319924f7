import type { ScheduledRun, ShownSchedule } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findSchedule } from '../../schedules/find-schedule.js';
import { isStale } from '../../schedules/plan-schedule.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

const RUNS_SHOWN = 100;

interface Parts {
  store: Store;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** Each schedule with its newest time, in the order in which they were made. */
export function listSchedules({ store, now }: Parts): Verb<string | undefined, ShownSchedule[]> {
  return async (actor, target) => {
    demand(actor, 'read');
    const schedules = await store.listSchedules({ target });
    if (schedules.length === 0) return [];
    const newest = new Map((await store.newestScheduledRuns()).map((run) => [run.scheduleId, run]));
    return Promise.all(
      schedules.map(async (schedule) => {
        const last = newest.get(schedule.id) ?? null;
        return { ...schedule, last, stale: await isStale(schedule, last?.startedAt ?? null, now()) };
      }),
    );
  };
}

/** One schedule with its newest times. Throws HiveError `not_found`. */
export function getSchedule({ store, now }: Parts): Verb<string, ShownSchedule & { runs: ScheduledRun[] }> {
  return async (actor, id) => {
    demand(actor, 'read');
    const schedule = await findSchedule(store, id);
    const runs = await store.listScheduledRuns(id, RUNS_SHOWN);
    const last = runs[0] ?? null;
    return { ...schedule, last, stale: await isStale(schedule, last?.startedAt ?? null, now()), runs };
  };
}
