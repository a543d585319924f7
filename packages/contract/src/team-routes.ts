import { z } from 'zod';
import { idParams } from './route-inputs.js';
import type { Route } from './route.js';
import { scheduledRunSchema, scheduleInputSchema, scheduleSchema, shownScheduleSchema } from './schedule.js';
import { checkHistorySchema, checksQuery } from './service-check.js';

const deleted = z.object({ deleted: z.string() });

/** Routes of what Hive does by itself, day and night. */
export const TEAM_ROUTES = {
  listSchedules: {
    method: 'GET',
    path: '/api/schedules',
    summary: 'List schedules, each with its newest run',
    permission: 'read',
    status: 200,
    query: z.object({ target: z.string().optional() }),
    output: z.object({ schedules: z.array(shownScheduleSchema) }),
  },
  createSchedule: {
    method: 'POST',
    path: '/api/schedules',
    summary: 'Check or measure a target again and again',
    permission: 'schedule.write',
    status: 201,
    body: scheduleInputSchema,
    output: scheduleSchema,
  },
  getSchedule: {
    method: 'GET',
    path: '/api/schedules/{id}',
    summary: 'Get a schedule with its newest runs',
    permission: 'read',
    status: 200,
    params: idParams,
    output: shownScheduleSchema.extend({ runs: z.array(scheduledRunSchema) }),
  },
  replaceSchedule: {
    method: 'PUT',
    path: '/api/schedules/{id}',
    summary: 'Replace a schedule',
    permission: 'schedule.write',
    status: 200,
    params: idParams,
    body: scheduleInputSchema,
    output: scheduleSchema,
  },
  deleteSchedule: {
    method: 'DELETE',
    path: '/api/schedules/{id}',
    summary: 'Delete a schedule; what it measured stays',
    permission: 'schedule.write',
    status: 200,
    params: idParams,
    output: deleted,
  },
  runSchedule: {
    method: 'POST',
    path: '/api/schedules/{id}/run',
    summary: 'Run a schedule now, besides its times',
    permission: 'run',
    status: 202,
    params: idParams,
    output: scheduledRunSchema,
  },
  listChecks: {
    method: 'GET',
    path: '/api/checks',
    summary: 'Checks of a target: the newest, its days, and its uptime',
    permission: 'read',
    status: 200,
    query: checksQuery,
    output: checkHistorySchema,
  },
} as const satisfies Record<string, Route>;
