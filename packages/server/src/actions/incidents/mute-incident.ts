import { newIncidentEventId, type Incident } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findIncident, noted } from '../../incidents/find-rule.js';
import type { Verb } from '../verb.js';
import type { IncidentParts } from './create-rule.js';

/** Nothing more is sent about an incident for this long; 0 minutes ends that. Throws HiveError `not_found`. */
export function muteIncident(parts: IncidentParts): Verb<{ id: string; minutes: number }, Incident> {
  return async (actor, { id, minutes }) => {
    demand(actor, 'run');
    await findIncident(parts.store, id);
    const at = new Date(parts.now()).toISOString();
    const mutedUntil = minutes === 0 ? null : new Date(parts.now() + minutes * 60_000).toISOString();
    const text = minutes === 0 ? null : `for ${minutes} min`;
    const event = { id: newIncidentEventId(), incidentId: id, at, who: actor.name, text };
    const type = minutes === 0 ? 'unmuted' : 'muted';
    const incident = noted(await parts.store.noteIncident({ ...event, type }, { mutedUntil }), id);
    await parts.changed([incident]);
    parts.log.info({ incident: id, minutes, who: actor.id }, 'incident muted');
    return incident;
  };
}
