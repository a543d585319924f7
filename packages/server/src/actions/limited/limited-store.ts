import type { Store, StoredData } from '../../store/store.js';
import { beyond } from './beyond.js';
import { limitedChannels } from './limited-channels.js';
import { limitedIncidents } from './limited-incidents.js';
import { limitedRuns } from './limited-runs.js';
import type { Visible } from './visible.js';

/** The store as somebody sees it who sees these targets alone: what is of others is not there. */
export function limitedStore(store: Store, visible: Visible): Store {
  return {
    ...limitedData(store, visible),
    atomically: (work) => store.atomically((inner) => work(limitedData(inner, visible))),
    upkeep: () => store.upkeep(),
    ping: () => store.ping(),
    close: () => store.close(),
  };
}

function limitedData(store: StoredData, visible: Visible): StoredData {
  return {
    // Who is calling, and who measures, is of no target.
    ...store,
    ...limitedTargets(store, visible),
    ...limitedRuns(store, visible),
    ...limitedTeam(store, visible),
    ...limitedIncidents(store, visible),
    ...limitedChannels(store, visible),
  };
}

type TargetPart =
  'saveTarget' | 'getTarget' | 'listTargets' | 'deleteTarget' | 'createMark' | 'listMarks' | 'deleteMark';

function limitedTargets(store: StoredData, visible: Visible): Pick<StoredData, TargetPart> {
  return {
    async saveTarget(target) {
      if (!visible.fits(target)) throw beyond();
      await store.saveTarget(target);
    },
    async getTarget(id) {
      const target = await store.getTarget(id);
      return target !== null && visible.fits(target) ? target : null;
    },
    listTargets: async () => (await store.listTargets()).filter(visible.fits),
    deleteTarget: async (id) => (await visible.sees(id)) && store.deleteTarget(id),
    async createMark(mark) {
      if (mark.target === null || !(await visible.sees(mark.target))) throw beyond();
      await store.createMark(mark);
    },
    listMarks: async (filter) => store.listMarks({ ...filter, targets: await visible.ids() }),
    deleteMark: async (id) => store.deleteMark(id, await visible.ids()),
  };
}

type TeamPart =
  | 'createSchedule'
  | 'replaceSchedule'
  | 'getSchedule'
  | 'listSchedules'
  | 'deleteSchedule'
  | 'listScheduledRuns'
  | 'newestScheduledRuns'
  | 'listChecks'
  | 'countChecks';

function limitedTeam(store: StoredData, visible: Visible): Pick<StoredData, TeamPart> {
  const getSchedule: StoredData['getSchedule'] = async (id) => {
    const schedule = await store.getSchedule(id);
    return schedule !== null && (await visible.sees(schedule.target)) ? schedule : null;
  };
  const listSchedules: StoredData['listSchedules'] = async (filter) => {
    const ids = new Set(await visible.ids());
    return (await store.listSchedules(filter)).filter(({ target }) => ids.has(target));
  };
  return {
    getSchedule,
    listSchedules,
    async createSchedule(schedule) {
      if (!(await visible.sees(schedule.target))) throw beyond();
      await store.createSchedule(schedule);
    },
    async replaceSchedule(schedule) {
      if ((await getSchedule(schedule.id)) === null || !(await visible.sees(schedule.target))) return false;
      return store.replaceSchedule(schedule);
    },
    deleteSchedule: async (id) => (await getSchedule(id)) !== null && store.deleteSchedule(id),
    listScheduledRuns: async (id, limit) =>
      (await getSchedule(id)) === null ? [] : store.listScheduledRuns(id, limit),
    async newestScheduledRuns() {
      const seen = new Set((await listSchedules({})).map(({ id }) => id));
      return (await store.newestScheduledRuns()).filter(({ scheduleId }) => seen.has(scheduleId));
    },
    listChecks: async (filter) => ((await visible.sees(filter.target)) ? store.listChecks(filter) : []),
    countChecks: async (target, since) => ((await visible.sees(target)) ? store.countChecks(target, since) : []),
  };
}
