import type { PracticeState, PracticeTruth } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

let practice: Practice;
let server: TestServer;
beforeAll(async () => {
  practice = await startPractice({ nodes: 2, workers: 4, serviceMs: 40 });
  const targets = [{ id: 'practice', url: practice.url, objectives: ['p(99)<250', 'rate<0.01'] }];
  server = await startTestServer({}, { targets, practice: practice.url });
  await server.ask('POST', '/api/targets', TARGET);
});
afterAll(async () => {
  await server.end();
  await practice.close();
});

const truth = async (query = ''): Promise<PracticeTruth> =>
  (await server.ask<PracticeTruth>('GET', `/api/targets/practice/truth${query}`)).body;

it('passes on what the practice target knows of itself, under the objectives of the target', async () => {
  const known = await truth();
  expect(known).toMatchObject({ capacity: 1, capacityPerSecond: 200, objectives: ['p(99)<250'] });
  expect(known.limits[0]?.value).toBeGreaterThan(180);
  expect(known.limits[0]?.value).toBeLessThan(201);
  const strict = await truth('?objective=p(99)%3C80');
  expect(strict.objectives).toEqual(['p(99)<80']);
  expect(strict.limits[0]?.value).toBeLessThan(known.limits[0]?.value ?? 0);
});

it('takes a fifth of its capacity away, from all nodes, and gives it back', async () => {
  const set = (capacity: number) => server.ask<PracticeState>('POST', '/api/targets/practice/practice', { capacity });
  expect(await set(0.8)).toEqual({ status: 200, body: { capacity: 0.8, serviceMs: 50 } });
  expect(await truth()).toMatchObject({ capacity: 0.8, capacityPerSecond: 160, serviceMs: 50 });
  for (const { url } of practice.nodes) {
    const began = performance.now();
    await (await fetch(url)).text();
    expect(performance.now() - began).toBeGreaterThan(49);
  }
  expect((await set(1)).body).toEqual({ capacity: 1, serviceMs: 40 });
});

it('is there for the target alone that this Hive started', async () => {
  for (const [method, path, body] of [
    ['GET', '/api/targets/shop/truth', undefined],
    ['POST', '/api/targets/shop/practice', { capacity: 0.8 }],
  ] as const) {
    const answer = await server.ask(method, path, body);
    expect([answer.status, answer.body.error.message]).toEqual([404, "this Hive did not start the target 'shop'"]);
  }
});

it('says what is wrong with a question', async () => {
  const capacity = await server.ask('POST', '/api/targets/practice/practice', { capacity: 3 });
  expect([capacity.status, capacity.body.error.message]).toEqual([400, expect.stringContaining('capacity')]);
  const objective = await server.ask('GET', '/api/targets/practice/truth?objective=fast');
  expect([objective.status, objective.body.error.message]).toEqual([400, expect.stringContaining('objective')]);
});
