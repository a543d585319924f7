import { demand } from '../../identity/principal.js';
import { findSchedule } from '../../schedules/find-schedule.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';
import type { ScheduleParts } from './create-schedule.js';

/** Ends a schedule and forgets its times. Throws HiveError `not_found`, `conflict` where a file describes it. */
export function deleteSchedule({ store, log, changed }: ScheduleParts): Verb<string, void> {
  return async (actor, id) => {
    demand(actor, 'schedule.write');
    spareFiles(actor, 'schedule', await findSchedule(store, id));
    await store.deleteSchedule(id);
    changed();
    log.info({ schedule: id, who: actor.id }, 'schedule deleted');
  };
}
