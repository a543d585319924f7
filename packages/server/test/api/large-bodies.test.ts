import { newTrainingId, type FinishedSession, type RouteOutput } from '@hive/contract';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { createAssembly, portionsOf } from '../../src/api/bodies/pieces.js';
import { sampleResult, sampleScenario, sampleSession, sampleTarget, sampleWindow } from '../store/samples.js';
import { startTestServer, type AnyBody, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.end());

const MIB = 1024 * 1024;
/** Nobody else's request waits longer, ms; what the client of the test does in this thread is in it. */
const MOST_WAIT_MS = 50;
/** A collection of garbage makes it longer, and code that has not run before; nothing makes it shorter. */
const ATTEMPTS = 6;

/** What this thread has worked so far, ms: what a busy machine does meanwhile does not count. */
function workedMs(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
}

/** Posts a body, and says how long the thread worked at a time meanwhile, without letting others have their turn, ms. */
async function posted(path: string, payload: Buffer) {
  let last = workedMs();
  let longestMs = 0;
  let over = false;
  const follow = (): void => {
    const now = workedMs();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (!over) setImmediate(follow);
  };
  follow();
  const headers = { 'content-type': 'application/json', 'content-length': payload.length };
  const asking = request(`${server.url}${path}`, { method: 'POST', headers, agent: false });
  asking.end(payload);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  const body = (await json(answer)) as AnyBody;
  over = true;
  return { status: answer.statusCode, body, longestMs };
}

/** The shortest of several longest waits. */
async function leastWaitMs(post: () => Promise<{ longestMs: number }>): Promise<number> {
  let least = Infinity;
  for (let attempt = 0; attempt < ATTEMPTS && least > MOST_WAIT_MS; attempt += 1)
    least = Math.min(least, (await post()).longestMs);
  return least;
}

/** A session whose body has about as many bytes. */
function sessionOf(bytes: number): FinishedSession {
  const target = sampleTarget();
  const { id } = target;
  const session = sampleSession(id, { id: newTrainingId() });
  const scenario = sampleScenario(id);
  const ids = { scenarioId: scenario.id, sessionId: session.id, targetId: id };
  const windowBytes = JSON.stringify(sampleWindow(ids)).length + 60;
  const windows = Array.from({ length: Math.ceil(bytes / windowBytes) }, (_, second) => ({
    window: sampleWindow(ids, { fromMs: second * 1_000, toMs: (second + 1) * 1_000 }),
    responseTime: null,
    serviceTime: null,
  }));
  const startedAt = '2026-01-31T12:00:01.000Z';
  const none = { responseTime: null, serviceTime: null };
  const over = { ...session, status: 'completed' as const, ended_at: '2026-01-31T12:10:00.000Z' };
  return { target, session: over, scenarios: [{ startedAt, scenario, result: sampleResult(), ...none, windows }] };
}

describe('a body', () => {
  const refused = async (make: () => string): Promise<void> => {
    const payload = Buffer.from(make());
    const { status, body } = await posted('/api/sessions', payload);
    expect([status, body.error.code]).toEqual([400, 'validation']);
    expect(JSON.stringify(body).length).toBeLessThan(20_000);
    expect(await leastWaitMs(() => posted('/api/sessions', payload))).toBeLessThan(MOST_WAIT_MS);
  };
  it('of 16 MiB of numbers is refused, and nobody waits for it', () =>
    refused(() => JSON.stringify({ session: Array.from({ length: 2 * MIB }, () => 1_234_567) })));
  itSlow.each([
    [
      'of a session of 16 MiB that is no session',
      () => JSON.stringify({ ...sessionOf(1_000), more: 'x'.repeat(16 * MIB) }),
    ],
    [
      'of 16 MiB of windows, of which the last is wrong',
      () => {
        const finished = sessionOf(16 * MIB);
        Object.assign(finished.scenarios[0]?.windows.at(-1)?.window ?? {}, { fromMs: 'soon' });
        return JSON.stringify(finished);
      },
    ],
  ])('%s is refused, and nobody waits for it', (_, make) => refused(make));

  // A smaller one: the embedded database stores 16 MiB in half a minute.
  it('of a session of 4 MiB is kept, and nobody waits for it', async () => {
    const least = await leastWaitMs(async () => {
      const finished = sessionOf(4 * MIB);
      const { status, longestMs } = await posted('/api/sessions', Buffer.from(JSON.stringify(finished)));
      expect(status).toBe(201);
      const { body } = await server.ask<RouteOutput<'getScenario'>>(
        'GET',
        `/api/scenarios/${finished.scenarios[0]?.scenario.id}?fromMs=0&toMs=10000`,
      );
      expect(body.windows).toHaveLength(10);
      return { longestMs };
    });
    expect(least).toBeLessThan(MOST_WAIT_MS);
  });
});

it('many large bodies at once are turned away, not kept waiting in memory', async () => {
  const payload = Buffer.from(JSON.stringify({ session_id: 'x'.repeat(500_000) }));
  const answers = await Promise.all(Array.from({ length: 8 }, () => posted('/api/training/stop', payload)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(4);
  for (const status of statuses) expect([404, 429]).toContain(status);
});

it.each([
  ['null', null],
  ['a short text', 'text'],
  ['nested lists and records', { a: [1, [2, { b: 'x'.repeat(300_000) }], []], c: {}, d: null }],
  ['a long list', Array.from({ length: 50_000 }, (_, index) => ({ index, text: `number ${index}` }))],
])('%s is the same after it was handed over in portions', (_, value) => {
  const assembly = createAssembly();
  let portions = 0;
  for (const portion of portionsOf(value)) {
    assembly.add(structuredClone(portion));
    portions += 1;
  }
  expect(assembly.value()).toEqual(value);
  if (Array.isArray(value)) expect(portions).toBeGreaterThan(5);
});
