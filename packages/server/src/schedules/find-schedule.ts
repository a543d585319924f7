import { HiveError, type Schedule } from '@hive/contract';
import type { Store } from '../store/store.js';

/** @throws HiveError `not_found`. */
export async function findSchedule(store: Pick<Store, 'getSchedule'>, id: string): Promise<Schedule> {
  const schedule = await store.getSchedule(id);
  if (schedule === null)
    throw new HiveError('not_found', `there is no schedule with the id '${id}'`, { hint: 'see GET /api/schedules' });
  return schedule;
}
