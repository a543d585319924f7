import type { RouteName, RouteOutput, RouteParsed } from '@hive/contract';
import type { Actions } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';

type ScheduleRoute = Extract<
  RouteName,
  | 'listSchedules'
  | 'getSchedule'
  | 'createSchedule'
  | 'replaceSchedule'
  | 'deleteSchedule'
  | 'runSchedule'
  | 'listChecks'
>;

/** What the routes of schedules and checks do. */
export const scheduleHandlers: {
  [Name in ScheduleRoute]: (actions: Actions, actor: Principal, input: RouteParsed<Name>) => Promise<RouteOutput<Name>>;
} = {
  listSchedules: async ({ listSchedules }, actor, { query }) => ({
    schedules: await listSchedules(actor, query.target),
  }),
  getSchedule: ({ getSchedule }, actor, { params }) => getSchedule(actor, params.id),
  createSchedule: ({ createSchedule }, actor, { body }) => createSchedule(actor, body),
  replaceSchedule: ({ replaceSchedule }, actor, { params, body }) =>
    replaceSchedule(actor, { id: params.id, schedule: body }),
  async deleteSchedule({ deleteSchedule }, actor, { params }) {
    await deleteSchedule(actor, params.id);
    return { deleted: params.id };
  },
  runSchedule: ({ runSchedule }, actor, { params }) => runSchedule(actor, params.id),
  listChecks: ({ listChecks }, actor, { query }) => listChecks(actor, query),
};
