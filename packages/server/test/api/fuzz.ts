import { Agent, request as httpRequest } from 'node:http';
import {
  ERRORS,
  errorBodySchema,
  newExecutionId,
  newTrainingId,
  ROUTES,
  type ErrorCode,
  type FinishedSession,
  type TargetInput,
} from '@hive/contract';
import { expect } from 'vitest';
import { runOneScenario, startTestServer, type TestServer } from '../test-server.js';
import { operationsOf, randomOf, requestTo, type Accepted, type Sent } from './generate-requests.js';
import { measuredSession } from './measured-session.js';

/** A request that is not answered by then hangs. */
const HANGS_MS = 15_000;
/** How many are under way at once: one that takes long is not what another waits for. */
const AT_ONCE = 4;

/** Says something of everything, so that little changes are still a target. */
const WHOLE_TARGET: TargetInput = {
  nodes: [{ url: 'http://127.0.0.1:9', id: 'a', weight: 2 }, { url: 'http://127.0.0.1:10/base' }],
  requests: [
    { name: 'login', method: 'POST', path: '/login', headers: { a: 'b' }, body: '{}', expect: [201], weight: 0 },
    { name: 'key', path: '/k/{key}', keys: { count: 10, distribution: 'zipf' } },
    { name: 'big', path: '/b/{bytes}', payload: 'download', role: 'noisy' },
  ],
  objectives: ['p(95)<100 for 5s'],
  balance: 'least_connections',
  nodeHeader: 'x-node',
  watch: { prometheus: 'http://127.0.0.1:9090', series: ['up'] },
  dependencies: [{ name: 'db', address: '127.0.0.1:5432', proxy: 'http://127.0.0.1:8474', requests: ['login'] }],
  budgets: { hitShare: 0.5, underFault: ['rate<0.1'] },
  tenants: true,
  safety: { allowWrites: true, maxSeconds: 60, hours: ['Mon-Sun 00:00-24:00 UTC'] },
};

export interface Fuzzed {
  /** Answers by status. */
  statuses: Record<number, number>;
  /** What was answered, and how long it took, the longest first. */
  slowest: { sent: Sent; ms: number }[];
  medianMs: number;
}

interface Answer {
  status: number;
  type: string;
  text: string;
  ms: number;
}

/** Sends as many requests as asked for to every route that the OpenAPI document names, and checks each answer. */
export async function fuzz({ requests, seed }: { requests: number; seed: number }): Promise<Fuzzed> {
  const server = await startTestServer();
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    const accepted = await prepare(server);
    const operations = operationsOf((await server.app.inject('/openapi.json')).json());
    expect(operations.length).toBe(Object.keys(ROUTES).length);
    const random = randomOf(seed);
    const waiting = Array.from({ length: requests }, (_, index) =>
      requestTo(operations[index % operations.length] ?? never(), accepted, random),
    ).toReversed();
    const told: { sent: Sent; answer: Answer }[] = [];
    const work = async (): Promise<void> => {
      for (let sent = waiting.pop(); sent !== undefined; sent = waiting.pop()) {
        const answer = await ask(server, sent, agent);
        expectDecent(sent, answer);
        told.push({ sent, answer });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await expectWell(server, agent);
    return summaryOf(told);
  } finally {
    agent.destroy();
    await server.end();
  }
}

/** How long one request takes on a new server, alone. */
export async function timeAlone(sent: Sent): Promise<number> {
  const server = await startTestServer();
  const agent = new Agent();
  try {
    await prepare(server);
    return (await ask(server, sent, agent)).ms;
  } finally {
    agent.destroy();
    await server.end();
  }
}

/** Something of everything is there, so that requests find it. */
async function prepare(server: TestServer): Promise<Accepted> {
  const run = await runOneScenario(server);
  const session = await measuredSession();
  expect((await server.ask('POST', '/api/sessions', session)).status).toBe(201);
  return {
    ids: ['shop', run.id, run.session_id ?? '', session.session.id],
    bodies: {
      'POST /api/targets': () => WHOLE_TARGET,
      'POST /api/targets/check': () => WHOLE_TARGET,
      'PUT /api/targets/{id}': () => WHOLE_TARGET,
      'POST /api/sessions': () => another(session),
      'POST /api/training/start': () => ({
        target: 'shop',
        kinds: ['load_balancing'],
        budgetSeconds: 60,
        precision: 0.1,
      }),
      'POST /api/verify': () => ({ target: 'shop', atPerSecond: 50, forSeconds: 60 }),
      'POST /api/training/stop': () => ({ session_id: run.session_id }),
      'POST /api/scenarios/generate': () => ({ kind: 'load_balancing', intensity: 100, seed: 1 }),
      'POST /api/scenarios': () => ({ kind: 'load_balancing', intensity: 100, durationSeconds: 5, seed: 1 }),
      'PUT /api/storage': () => ({ keepDays: { seconds: 30 } }),
    },
  };
}

/** The same session under other ids: a second of one id is a conflict. */
function another(session: FinishedSession): unknown {
  let text = JSON.stringify(session).replaceAll(session.session.id, newTrainingId());
  for (const { scenario } of session.scenarios) text = text.replaceAll(scenario.id, newExecutionId());
  return JSON.parse(text);
}

function ask(server: TestServer, { method, path, headers, body }: Sent, agent: Agent): Promise<Answer> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const fail = (why: string | Error): void => reject(new Error(`${method} ${path.slice(0, 200)}`, { cause: why }));
    const { port } = server.address;
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent, timeout: HANGS_MS });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${HANGS_MS} ms`)));
    request.once('error', fail);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.once('error', fail);
      response.once('end', () => {
        const { statusCode: status = 0, headers: told } = response;
        resolve({ status, type: told['content-type'] ?? '', text, ms: performance.now() - from });
      });
    });
    request.end(body ?? undefined);
  });
}

function expectDecent(sent: Sent, answer: Answer): void {
  const fault = faultOf(answer);
  if (fault === null) return;
  const short = { ...sent, path: sent.path.slice(0, 300), body: sent.body?.slice(0, 2_000) };
  throw new Error(`${fault}: ${JSON.stringify(short)} was answered ${answer.status} ${answer.text.slice(0, 2_000)}`);
}

/** What is wrong with an answer: a 5xx other than a documented 503, an error that the contract does not know, or something of the inside. */
function faultOf({ status, type, text }: Answer): string | null {
  if (/\n\s+at .+:\d+|node_modules|\.[jt]s:\d+:\d+/.test(text)) return 'a stack trace';
  if (status < 400) return null;
  if (!type.includes('application/json')) return 'an error without JSON';
  const { data } = errorBodySchema.safeParse(JSON.parse(text));
  const known: { status: number } | undefined = ERRORS[data?.error.code as ErrorCode];
  if (known?.status !== status) return 'an error that the contract does not know';
  return status >= 500 && status !== 503 ? 'a failure of the server' : null;
}

/** Where there are many targets, these want one to be named. */
const NEED_A_TARGET = ['trainingPlan', 'compareSessions', 'listChecks'];
/** These want somebody who is signed in. */
const NEED_A_SESSION = ['listOwnSessions'];

/** Nothing that was sent keeps anything else from being answered. */
async function expectWell(server: TestServer, agent: Agent): Promise<void> {
  await server.ask('POST', '/api/stop-all');
  await server.until(({ running }) => !running);
  for (const [name, route] of Object.entries(ROUTES)) {
    if (route.method !== 'GET' || route.path.includes('{') || [...NEED_A_TARGET, ...NEED_A_SESSION].includes(name))
      continue;
    const sent = { method: 'GET', path: route.path, headers: {}, body: null };
    expect([route.path, (await ask(server, sent, agent)).status]).toEqual([route.path, 200]);
  }
}

function summaryOf(told: readonly { sent: Sent; answer: Answer }[]): Fuzzed {
  const statuses: Record<number, number> = {};
  for (const { answer } of told) statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  const byTime = told.map(({ sent, answer: { ms } }) => ({ sent, ms })).toSorted((a, b) => b.ms - a.ms);
  return { statuses, slowest: byTime.slice(0, 20), medianMs: byTime[Math.floor(byTime.length / 2)]?.ms ?? Number.NaN };
}

function never(): never {
  throw new Error('the document names no operation');
}
