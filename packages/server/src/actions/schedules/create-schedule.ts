import { newScheduleId, type RouteParsed, type Schedule } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import { planSchedule } from '../../schedules/plan-schedule.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** What changes a schedule. */
export interface ScheduleParts {
  store: Store;
  log: Log;
  /** Wall clock, ms since 1970. */
  now: () => number;
  /** Tells who runs schedules, here and elsewhere. */
  changed: () => void;
}

/** Checks or measures a target again and again from now on. Throws HiveError `not_found`, `validation` naming `when`. */
export function createSchedule(
  parts: ScheduleParts,
): Verb<RouteParsed<'createSchedule'>['body'] & { id?: string }, Schedule> {
  const { store, log, now, changed } = parts;
  return async (actor, input) => {
    demand(actor, 'schedule.write');
    await findTarget(store, input.target);
    const createdAt = new Date(now()).toISOString();
    const schedule = await planSchedule({ ...input, id: input.id ?? newScheduleId(), createdAt }, now());
    await store.createSchedule(schedule);
    changed();
    log.info({ schedule: schedule.id, target: schedule.target, who: actor.id }, 'schedule created');
    return schedule;
  };
}
