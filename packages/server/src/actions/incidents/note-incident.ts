import { newIncidentEventId, type Incident } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findIncident, noted } from '../../incidents/find-rule.js';
import type { Verb } from '../verb.js';
import type { IncidentParts } from './create-rule.js';

/** Writes a note on an incident. Throws HiveError `not_found`. */
export function noteIncident(parts: IncidentParts): Verb<{ id: string; text: string }, Incident> {
  return async (actor, { id, text }) => {
    demand(actor, 'run');
    await findIncident(parts.store, id);
    const at = new Date(parts.now()).toISOString();
    const event = { id: newIncidentEventId(), incidentId: id, at, who: actor.name, text };
    const incident = noted(await parts.store.noteIncident({ ...event, type: 'note' }, {}), id);
    await parts.changed([incident]);
    return incident;
  };
}
