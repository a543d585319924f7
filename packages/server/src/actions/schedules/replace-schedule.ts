import type { RouteParsed, Schedule } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findSchedule } from '../../schedules/find-schedule.js';
import { planSchedule } from '../../schedules/plan-schedule.js';
import { findTarget } from '../../targets/find-target.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';
import type { ScheduleParts } from './create-schedule.js';

type Replaced = { id: string; schedule: RouteParsed<'replaceSchedule'>['body'] };

/** Changes a schedule; its next time counts from now. Throws HiveError `not_found`, `validation` naming `when`, `conflict` where a file describes it. */
export function replaceSchedule({ store, log, now, changed }: ScheduleParts): Verb<Replaced, Schedule> {
  return async (actor, { id, schedule }) => {
    demand(actor, 'schedule.write');
    const before = await findSchedule(store, id);
    spareFiles(actor, 'schedule', before);
    await findTarget(store, schedule.target);
    const planned = await planSchedule({ ...schedule, id, createdAt: before.createdAt }, now());
    await store.replaceSchedule(planned);
    changed();
    log.info({ schedule: id, who: actor.id }, 'schedule replaced');
    return planned;
  };
}
