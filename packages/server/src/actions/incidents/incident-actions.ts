import type { Incident, IncidentDetail, Maintenance, Rule, RouteParsed, ShownMaintenance } from '@hive/contract';
import type { Verb } from '../verb.js';

/** What a caller can do with rules, incidents and maintenance. */
export interface IncidentActions {
  listRules: Verb<string | undefined, Rule[]>;
  getRule: Verb<string, Rule>;
  createRule: Verb<RouteParsed<'createRule'>['body'] & { id?: string }, Rule>;
  replaceRule: Verb<{ id: string; rule: RouteParsed<'replaceRule'>['body'] }, Rule>;
  deleteRule: Verb<string, void>;
  listIncidents: Verb<RouteParsed<'listIncidents'>['query'], Incident[]>;
  getIncident: Verb<string, IncidentDetail>;
  acknowledgeIncident: Verb<{ id: string; note?: string | undefined }, Incident>;
  muteIncident: Verb<{ id: string; minutes: number }, Incident>;
  noteIncident: Verb<{ id: string; text: string }, Incident>;
  listMaintenance: Verb<void, ShownMaintenance[]>;
  createMaintenance: Verb<RouteParsed<'createMaintenance'>['body'] & { id?: string }, Maintenance>;
  deleteMaintenance: Verb<string, void>;
}
