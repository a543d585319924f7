import { newIncidentEventId, type Incident } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findIncident, noted } from '../../incidents/find-rule.js';
import type { Verb } from '../verb.js';
import type { IncidentParts } from './create-rule.js';

/** Says who looks after an incident, the last one to say so. Throws HiveError `not_found`. */
export function acknowledgeIncident(parts: IncidentParts): Verb<{ id: string; note?: string | undefined }, Incident> {
  return async (actor, { id, note }) => {
    demand(actor, 'run');
    await findIncident(parts.store, id);
    const at = new Date(parts.now()).toISOString();
    const event = { id: newIncidentEventId(), incidentId: id, at, who: actor.name, text: note ?? null };
    const set = { acknowledgedAt: at, acknowledgedBy: actor.name };
    const incident = noted(await parts.store.noteIncident({ ...event, type: 'acknowledged' }, set), id);
    await parts.changed([incident]);
    parts.log.info({ incident: id, who: actor.id }, 'incident acknowledged');
    return incident;
  };
}
