import { HiveError, MOST_MAINTENANCE_DAYS, newMaintenanceId, type Maintenance, type RouteParsed } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findTarget } from '../../targets/find-target.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';
import type { IncidentParts } from './create-rule.js';

const DAY_MS = 86_400_000;

type Parts = Omit<IncidentParts, 'changed'>;

/** Says when nothing opens. Throws HiveError `not_found`, `validation`. */
export function createMaintenance({
  store,
  log,
  now,
}: Parts): Verb<RouteParsed<'createMaintenance'>['body'] & { id?: string }, Maintenance> {
  return async (actor, { id = newMaintenanceId(), target, from, to, reason }) => {
    demand(actor, 'schedule.write');
    if (target !== undefined) await findTarget(store, target);
    const begin = from === undefined ? now() : Date.parse(from);
    if (Date.parse(to) <= begin)
      throw new HiveError('validation', 'to: must be after from', { hint: 'name a time to come' });
    if (Date.parse(to) - begin > MOST_MAINTENANCE_DAYS * DAY_MS) {
      const message = `must be at most ${MOST_MAINTENANCE_DAYS} days after from, which is now`;
      throw new HiveError('validation', `to: ${message}`, { details: { problems: [{ field: 'to', message }] } });
    }
    const times = { from: new Date(begin).toISOString(), to: new Date(to).toISOString() };
    const made = { id, target: target ?? null, ...times, reason };
    await store.createMaintenance(made);
    log.info({ maintenance: made.id, target: made.target, ...times, who: actor.id }, 'maintenance created');
    return made;
  };
}

/** Forgets a time of maintenance. Throws HiveError `not_found`, `conflict` where a file describes it. */
export function deleteMaintenance({ store, log }: Parts): Verb<string, void> {
  return async (actor, id) => {
    demand(actor, 'schedule.write');
    spareFiles(actor, 'maintenance', { id });
    if (!(await store.deleteMaintenance(id)))
      throw new HiveError('not_found', `there is no maintenance with the id '${id}'`, {
        hint: 'see GET /api/maintenance',
      });
    log.info({ maintenance: id, who: actor.id }, 'maintenance deleted');
  };
}
