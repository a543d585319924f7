import { z } from 'zod';
import { comparisonSchema, DEFAULT_TOLERANCE } from './comparison.js';
import { listedKindsSchema } from './kind.js';
import { finishedSessionSchema } from './finished-session.js';
import { reportFormatSchema } from './report-format.js';
import { scenarioRowSchema } from './scenario.js';
import { sessionRowSchema, trainingStatusSchema } from './session.js';
import { sessionCourseSchema } from './session-course.js';
import { sessionPlanSchema } from './session-plan.js';
import { idParams, limitQuery, startTrainingSchema, verifySchema } from './route-inputs.js';
import type { Route } from './route.js';

/** Routes that start, stop and tell sessions. */
export const SESSION_ROUTES = {
  startTraining: {
    method: 'POST',
    path: '/api/training/start',
    summary: 'Start a measurement (training session)',
    permission: 'run',
    status: 202,
    body: startTrainingSchema,
    output: z.object({ status: z.literal('training_started'), session_id: z.string() }),
  },
  verify: {
    method: 'POST',
    path: '/api/verify',
    summary: 'Ask whether a target carries one request rate: a session that answers yes or no',
    permission: 'run',
    status: 202,
    body: verifySchema,
    output: z.object({ status: z.literal('verify_started'), session_id: z.string() }),
  },
  stopTraining: {
    method: 'POST',
    path: '/api/training/stop',
    summary: 'Stop the running session within a second',
    permission: 'run',
    status: 200,
    body: z.strictObject({ session_id: z.string().optional() }),
    output: z.object({ status: z.literal('training_stopped') }),
  },
  runAnyway: {
    method: 'POST',
    path: '/api/training/run-anyway',
    summary: 'Go on measuring on a busy machine, without waiting for it to be quiet',
    permission: 'run',
    status: 200,
    body: z.strictObject({ session_id: z.string().optional() }),
    output: z.object({ status: z.literal('running_anyway') }),
  },
  trainingPlan: {
    method: 'GET',
    path: '/api/training/plan',
    summary: 'What a session would measure in its time, and what that would cost',
    permission: 'read',
    status: 200,
    query: z.object({
      target: z.string().optional(),
      /** Parted by commas, or `all`. */
      kinds: listedKindsSchema.optional(),
      budgetSeconds: z.coerce.number('write a number of seconds, such as 240').min(5).max(86_400).optional(),
    }),
    output: sessionPlanSchema,
  },
  trainingStatus: {
    method: 'GET',
    path: '/api/training/status',
    summary: 'Progress of the running session',
    permission: 'read',
    status: 200,
    output: trainingStatusSchema,
  },
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    summary: 'List sessions, newest first',
    permission: 'read',
    status: 200,
    query: z.object({
      target: z.string().optional(),
      /** `name=value`: those that are marked so. */
      label: z
        .string()
        .regex(/^[\w.-]+=./, 'write name=value, such as branch=main')
        .optional(),
      after: z.string().optional(),
      limit: limitQuery(50, 500),
    }),
    output: z.object({ sessions: z.array(sessionRowSchema), next: z.string().nullable() }),
  },
  keepSession: {
    method: 'POST',
    path: '/api/sessions',
    summary: 'Store a session that another process has measured',
    permission: 'run',
    status: 201,
    body: finishedSessionSchema,
    mostBodyBytes: 64 * 1024 * 1024,
    output: sessionRowSchema,
  },
  getSession: {
    method: 'GET',
    path: '/api/sessions/{id}',
    summary: 'Get one session with its newest scenarios',
    permission: 'read',
    status: 200,
    params: idParams,
    /** `next`: the `after` with which GET /api/scenarios?session= lists the older ones; null: there are none. */
    output: sessionRowSchema.extend({ scenarios: z.array(scenarioRowSchema), next: z.string().nullable() }),
  },
  sessionCourse: {
    method: 'GET',
    path: '/api/sessions/{id}/course',
    summary: 'How the limits of a session closed in, and what was sent and answered second by second',
    permission: 'read',
    status: 200,
    params: idParams,
    output: sessionCourseSchema,
  },
  resumeSession: {
    method: 'POST',
    path: '/api/sessions/{id}/resume',
    summary: 'Go on with a session that was interrupted or stopped, for the rest of its budget',
    permission: 'run',
    status: 202,
    params: idParams,
    output: z.object({ status: z.literal('training_started'), session_id: z.string() }),
  },
  stopAll: {
    method: 'POST',
    path: '/api/stop-all',
    summary: 'Stop everything that sends load, here and on every instance',
    permission: 'run',
    status: 200,
    output: z.object({ status: z.literal('all_stopped') }),
  },
  sessionReport: {
    method: 'GET',
    path: '/api/sessions/{id}/report',
    summary: 'Report of a session as a file, in one of several formats',
    permission: 'read',
    status: 200,
    params: idParams,
    query: z.object({ format: reportFormatSchema.default('json') }),
    output: z.string(),
  },
  compareSessions: {
    method: 'GET',
    path: '/api/compare',
    summary: 'Whether one session is worse than another, by the limits that each found by itself',
    permission: 'read',
    status: 200,
    query: z.object({
      /** The base: a session, or a target for its newest session that found a limit. Default: the one before `b` on its target. */
      a: z.string().optional(),
      /** The candidate, likewise. Default: the newest session that found a limit. */
      b: z.string().optional(),
      /** What may change unnoticed, as a share. */
      tolerance: z.coerce.number().min(0.01).max(0.9).default(DEFAULT_TOLERANCE),
    }),
    output: comparisonSchema.extend({
      /** The sessions that were compared. */
      sessions: z.object({ base: z.string(), candidate: z.string() }),
    }),
  },
} as const satisfies Record<string, Route>;
