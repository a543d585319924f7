import type { StoredData } from '../../store/store.js';
import { beyond } from './beyond.js';
import type { Visible } from './visible.js';

type IncidentPart =
  | 'createRule'
  | 'replaceRule'
  | 'listRules'
  | 'deleteRule'
  | 'closeOfRule'
  | 'createMaintenance'
  | 'listMaintenance'
  | 'deleteMaintenance'
  | 'getIncident'
  | 'listIncidents'
  | 'listIncidentEvents'
  | 'noteIncident'
  | 'newestChecks';

/** What is opened about these targets alone, and the rules that hold for them. Those of every target are shown, and stay as they are. */
export function limitedIncidents(store: StoredData, visible: Visible): Pick<StoredData, IncidentPart> {
  const own = async (target: string | null): Promise<void> => {
    if (target === null || !(await visible.sees(target))) throw beyond();
  };
  const ownRule = async (id: string): Promise<void> => {
    const rule = (await store.listRules()).find((one) => one.id === id);
    if (rule !== undefined) await own(rule.target);
  };
  const getIncident: StoredData['getIncident'] = async (id) => {
    const incident = await store.getIncident(id);
    return incident !== null && incident.target !== null && (await visible.sees(incident.target)) ? incident : null;
  };
  const fitting = async <Row extends { target: string | null }>(rows: Row[], every: boolean): Promise<Row[]> => {
    const ids = new Set(await visible.ids());
    return rows.filter(({ target }) => (target === null ? every : ids.has(target)));
  };
  return {
    getIncident,
    async createRule(rule) {
      await own(rule.target);
      await store.createRule(rule);
    },
    async replaceRule(rule) {
      await own(rule.target);
      await ownRule(rule.id);
      return store.replaceRule(rule);
    },
    listRules: async () => fitting(await store.listRules(), true),
    async deleteRule(id) {
      await ownRule(id);
      return store.deleteRule(id);
    },
    async closeOfRule(id, told) {
      await ownRule(id);
      return store.closeOfRule(id, told);
    },
    async createMaintenance(window) {
      await own(window.target);
      await store.createMaintenance(window);
    },
    listMaintenance: async (filter) => fitting(await store.listMaintenance(filter), true),
    async deleteMaintenance(id) {
      const found = (await store.listMaintenance({ limit: 1_000 })).find((one) => one.id === id);
      if (found === undefined) return false;
      await own(found.target);
      return store.deleteMaintenance(id);
    },
    listIncidents: async (filter) => fitting(await store.listIncidents(filter), false),
    listIncidentEvents: async (id) => ((await getIncident(id)) === null ? [] : store.listIncidentEvents(id)),
    noteIncident: async (event, set) =>
      (await getIncident(event.incidentId)) === null ? null : store.noteIncident(event, set),
    newestChecks: async (range) => fitting(await store.newestChecks(range), false),
  };
}
