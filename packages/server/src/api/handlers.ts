import { executedScenarioSchema, ROUTES, type RouteName, type RouteOutput, type RouteParsed } from '@hive/contract';
import type { z } from 'zod';
import type { Actions, ReportFile } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';
import { readingHandlers } from './reading.js';

/** An answer with a status other than the route's usual one. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}

/** An answer that is a file and no JSON. */
export class FileAnswer {
  constructor(readonly file: ReportFile) {}
}

/** The bodies of those. */
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
  async stopAll({ stopAll }, actor) {
    await stopAll(actor);
    return { status: 'all_stopped' };
  },
  keepSession: ({ keepSession }, actor, { body }) => keepSession(actor, body),
  sessionReport: async ({ reportSession }, actor, { params, query }) =>
    new FileAnswer(await reportSession(actor, { id: params.id, format: query.format })),

  setStorage: ({ setStorage }, actor, { body }) => setStorage(actor, body.keepDays),

  generateScenario: ({ generateScenario }, actor, { body }) => generateScenario(actor, body),
  async executeScenario({ executeScenario }, actor, { params, query }) {
    const { scenarioId, sessionId, finished } = await executeScenario(actor, params.id);
    if (query.wait === 'true') return new Answer(200, await finished());
    return { scenario_id: scenarioId, session_id: sessionId };
  },
};
