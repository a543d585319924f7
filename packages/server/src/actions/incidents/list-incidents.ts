import type { Incident, RouteParsed } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** Incidents, the newest first. */
export function listIncidents(
  store: Pick<Store, 'listIncidents'>,
): Verb<RouteParsed<'listIncidents'>['query'], Incident[]> {
  return async (actor, filter) => {
    demand(actor, 'read');
    return store.listIncidents(filter);
  };
}
