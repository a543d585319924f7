import { HiveError, type Incident, type Rule } from '@hive/contract';
import type { Store } from '../store/store.js';

/** @throws HiveError `not_found`. */
export async function findRule(store: Pick<Store, 'listRules'>, id: string): Promise<Rule> {
  const rule = (await store.listRules()).find((one) => one.id === id);
  if (rule === undefined)
    throw new HiveError('not_found', `there is no rule with the id '${id}'`, { hint: 'see GET /api/rules' });
  return rule;
}

type Found = NonNullable<Awaited<ReturnType<Store['getIncident']>>>;

/** @throws HiveError `not_found`. */
export async function findIncident(store: Pick<Store, 'getIncident'>, id: string): Promise<Found> {
  const incident = await store.getIncident(id);
  if (incident === null) throw noIncident(id);
  return incident;
}

/** What was noted on an incident. @throws HiveError `not_found` where there is none. */
export function noted(incident: Incident | null, id: string): Incident {
  if (incident === null) throw noIncident(id);
  return incident;
}

function noIncident(id: string): HiveError {
  return new HiveError('not_found', `there is no incident with the id '${id}'`, { hint: 'see GET /api/incidents' });
}
