import type { RouteName, RouteOutput, RouteParsed } from '@hive/contract';
import type { Actions } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';

type IncidentRoute = Extract<
  RouteName,
  | 'listRules'
  | 'getRule'
  | 'createRule'
  | 'replaceRule'
  | 'deleteRule'
  | 'listIncidents'
  | 'getIncident'
  | 'acknowledgeIncident'
  | 'muteIncident'
  | 'noteIncident'
  | 'listMaintenance'
  | 'createMaintenance'
  | 'deleteMaintenance'
>;

/** What the routes of rules, incidents and maintenance do. */
export const incidentHandlers: {
  [Name in IncidentRoute]: (actions: Actions, actor: Principal, input: RouteParsed<Name>) => Promise<RouteOutput<Name>>;
} = {
  listRules: async ({ listRules }, actor, { query }) => ({ rules: await listRules(actor, query.target) }),
  getRule: ({ getRule }, actor, { params }) => getRule(actor, params.id),
  createRule: ({ createRule }, actor, { body }) => createRule(actor, body),
  replaceRule: ({ replaceRule }, actor, { params, body }) => replaceRule(actor, { id: params.id, rule: body }),
  async deleteRule({ deleteRule }, actor, { params }) {
    await deleteRule(actor, params.id);
    return { deleted: params.id };
  },
  listIncidents: async ({ listIncidents }, actor, { query }) => ({ incidents: await listIncidents(actor, query) }),
  getIncident: ({ getIncident }, actor, { params }) => getIncident(actor, params.id),
  acknowledgeIncident: ({ acknowledgeIncident }, actor, { params, body }) =>
    acknowledgeIncident(actor, { id: params.id, note: body.note }),
  muteIncident: ({ muteIncident }, actor, { params, body }) =>
    muteIncident(actor, { id: params.id, minutes: body.minutes }),
  noteIncident: ({ noteIncident }, actor, { params, body }) => noteIncident(actor, { id: params.id, text: body.text }),
  listMaintenance: async ({ listMaintenance }, actor) => ({ maintenance: await listMaintenance(actor) }),
  createMaintenance: ({ createMaintenance }, actor, { body }) => createMaintenance(actor, body),
  async deleteMaintenance({ deleteMaintenance }, actor, { params }) {
    await deleteMaintenance(actor, params.id);
    return { deleted: params.id };
  },
};
