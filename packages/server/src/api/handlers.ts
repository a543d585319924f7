import { executedScenarioSchema, ROUTES, type RouteName, type RouteOutput, type RouteParsed } from '@hive/contract';
import type { z } from 'zod';
import type { Actions } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';
import { accountHandlers } from './account-handlers.js';
import { Answer, FileAnswer } from './answers.js';
import { channelHandlers } from './channel-handlers.js';
import { fleetHandlers } from './fleet-handlers.js';
import { incidentHandlers } from './incident-handlers.js';
import { readingHandlers } from './reading.js';
import { scheduleHandlers } from './schedule-handlers.js';

/** The bodies of answers with another status than the usual one. */
export const OTHER_ANSWERS: { [Name in RouteName]?: Record<number, z.ZodType> } = {
  health: { 503: ROUTES.health.output },
  executeScenario: { 200: executedScenarioSchema },
};

type Handlers = {
  [Name in RouteName]: (
    actions: Actions,
    actor: Principal,
    input: RouteParsed<Name>,
  ) => Promise<RouteOutput<Name> | Answer | FileAnswer>;
};

/** What each route does: call the verb, name the parts of the answer. */
export const handlers: Handlers = {
  ...readingHandlers,
  ...scheduleHandlers,
  ...accountHandlers,
  ...fleetHandlers,
  ...incidentHandlers,
  ...channelHandlers,

  service: async ({ describeService }, actor) => ({
    service: 'hive',
    status: 'running',
    ...(await describeService(actor)),
  }),
  async health({ checkHealth }, actor) {
    const { canServe, ...health } = await checkHealth(actor);
    return canServe ? health : new Answer(503, health);
  },

  createTarget: ({ createTarget }, actor, { body }) => createTarget(actor, body),
  replaceTarget: ({ replaceTarget }, actor, { params, body }) => replaceTarget(actor, { id: params.id, target: body }),
  readTarget: ({ readTarget }, actor, { body }) => readTarget(actor, body),
  importTarget: ({ importTarget }, actor, { body }) => importTarget(actor, body),
  checkTargetInput: ({ checkInput }, actor, { query, body }) =>
    checkInput(actor, { target: body, writes: query.writes === 'true' }),
  checkTarget: ({ checkStored }, actor, { params, query }) =>
    checkStored(actor, { id: params.id, writes: query.writes === 'true' }),
  async deleteTarget({ deleteTarget }, actor, { params }) {
    await deleteTarget(actor, params.id);
    return { deleted: params.id };
  },

  async startTraining({ startTraining }, actor, { body }) {
    const { sessionId } = await startTraining(actor, body);
    return { status: 'training_started', session_id: sessionId };
  },
  async verify({ verifyTarget }, actor, { body }) {
    const { sessionId } = await verifyTarget(actor, body);
    return { status: 'verify_started', session_id: sessionId };
  },
  async stopTraining({ stopTraining }, actor, { body }) {
    await stopTraining(actor, body.session_id);
    return { status: 'training_stopped' };
  },
  async runAnyway({ runAnyway }, actor, { body }) {
    await runAnyway(actor, body.session_id);
    return { status: 'running_anyway' };
  },
  trainingPlan: ({ planTraining }, actor, { query }) => planTraining(actor, query),
  trainingStatus: ({ trainingStatus }, actor) => trainingStatus(actor),
  async resumeSession({ resumeSession }, actor, { params }) {
    const { sessionId } = await resumeSession(actor, params.id);
    return { status: 'training_started', session_id: sessionId };
  },
  async getTicket({ getTicket }, actor) {
    const given = await getTicket(actor);
    return { ticket: given?.ticket ?? null, expires_in_seconds: given?.seconds ?? null };
  },
  applyDocuments: ({ applyDocuments }, actor, { body }) => applyDocuments(actor, body),
  async stopAll({ stopAll }, actor) {
    await stopAll(actor);
    return { status: 'all_stopped' };
  },
  keepSession: ({ keepSession }, actor, { body }) => keepSession(actor, body),
  sessionReport: async ({ reportSession }, actor, { params, query }) =>
    new FileAnswer(await reportSession(actor, { id: params.id, format: query.format })),
  compareSessions: ({ compareSessions }, actor, { query }) => compareSessions(actor, query),

  targetTruth: ({ targetTruth }, actor, { params, query }) =>
    targetTruth(actor, { id: params.id, objective: query.objective }),
  setPractice: ({ setPractice }, actor, { params, body }) =>
    setPractice(actor, { id: params.id, capacity: body.capacity }),

  createMark: ({ createMark }, actor, { body }) => createMark(actor, body),
  async deleteMark({ deleteMark }, actor, { params }) {
    await deleteMark(actor, params.id);
    return { deleted: params.id };
  },

  setStorage: ({ setStorage }, actor, { body }) => setStorage(actor, body.keepDays),

  generateScenario: ({ generateScenario }, actor, { body }) => generateScenario(actor, body),
  createScenario: ({ createScenario }, actor, { body }) => createScenario(actor, body),
  previewScenario: ({ previewScenario }, actor, { body }) => previewScenario(actor, body),
  async listScenarios(actions, actor, { query, ...input }) {
    const { format, after: _after, limit: _limit, ...filter } = query;
    if (format === undefined) return readingHandlers.listScenarios(actions, actor, { query, ...input });
    return new FileAnswer(await actions.exportScenarios(actor, { filter, format }));
  },
  async executeScenario({ executeScenario }, actor, { params, query, body }) {
    const { scenarioId, sessionId, finished } = await executeScenario(actor, { id: params.id, ...body });
    if (query.wait === 'true') return new Answer(200, await finished());
    return { scenario_id: scenarioId, session_id: sessionId };
  },
};
