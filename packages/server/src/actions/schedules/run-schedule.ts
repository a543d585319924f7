import type { ScheduledRun } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findSchedule } from '../../schedules/find-schedule.js';
import type { Scheduler } from '../../schedules/scheduler.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** Runs a schedule now. Throws HiveError `not_found`, `conflict` while it runs. */
export function runSchedule({ store, scheduler }: { store: Store; scheduler: Scheduler }): Verb<string, ScheduledRun> {
  return async (actor, id) => {
    demand(actor, 'run');
    return scheduler.run(await findSchedule(store, id));
  };
}
