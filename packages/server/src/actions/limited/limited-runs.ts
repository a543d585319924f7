import { HiveError } from '@hive/contract';
import type { StoredData } from '../../store/store.js';
import type { Visible } from './visible.js';

type RunPart =
  | 'createSession'
  | 'updateSession'
  | 'getSession'
  | 'listSessions'
  | 'createScenario'
  | 'getScenario'
  | 'getScenarioPlan'
  | 'listScenarios'
  | 'countScenarios'
  | 'listLearned'
  | 'learnedVersion'
  | 'listResults'
  | 'listRunHours'
  | 'listWindows'
  | 'listMinutes'
  | 'readKept'
  | 'getHistograms'
  | 'latestMetrics'
  | 'listSessionLimits';

/** Sessions, runs and their figures, of visible targets alone. */
export function limitedRuns(store: StoredData, visible: Visible): Pick<StoredData, RunPart> {
  const { ids, sees } = visible;
  const mustSee = async (target: string): Promise<void> => {
    if (!(await sees(target))) throw new HiveError('not_found', `there is no target with the id '${target}'`);
  };
  const getScenario: StoredData['getScenario'] = async (id) => {
    const row = await store.getScenario(id);
    return row !== null && (await sees(row.target_id)) ? row : null;
  };
  const isSeen = async (scenarioId: string): Promise<boolean> => (await getScenario(scenarioId)) !== null;
  return {
    async createSession(session) {
      await mustSee(session.target_id);
      await store.createSession(session);
    },
    async updateSession(session) {
      await mustSee(session.target_id);
      await store.updateSession(session);
    },
    async getSession(id) {
      const row = await store.getSession(id);
      return row !== null && (await sees(row.target_id)) ? row : null;
    },
    listSessions: async (filter) => store.listSessions({ ...filter, targets: await ids() }),
    async createScenario(scenario, ...rest) {
      await mustSee(scenario.targetId);
      return store.createScenario(scenario, ...rest);
    },
    getScenario,
    getScenarioPlan: async (id) => ((await isSeen(id)) ? store.getScenarioPlan(id) : null),
    listScenarios: async (filter) => store.listScenarios({ ...filter, targets: await ids() }),
    countScenarios: async (filter) => store.countScenarios({ ...filter, targets: await ids() }),
    listLearned: async (filter) => ((await sees(filter.target)) ? store.listLearned(filter) : []),
    learnedVersion: async (target) => ((await sees(target)) ? store.learnedVersion(target) : ''),
    listResults: async (filter) => store.listResults({ ...filter, targets: await ids() }),
    listRunHours: async (filter) => store.listRunHours({ ...filter, targets: await ids() }),
    listWindows: async (id, part) => ((await isSeen(id)) ? store.listWindows(id, part) : []),
    listMinutes: async (id) => ((await isSeen(id)) ? store.listMinutes(id) : []),
    readKept: async (part) => ((await isSeen(part.scenarioId)) ? store.readKept(part) : { windows: [], next: null }),
    getHistograms: async (id) => ((await isSeen(id)) ? store.getHistograms(id) : null),
    latestMetrics: async (filter) => store.latestMetrics({ ...filter, targets: await ids() }),
    listSessionLimits: async (filter) => store.listSessionLimits({ ...filter, targets: await ids() }),
  };
}
