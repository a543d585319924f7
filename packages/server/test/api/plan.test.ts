import { sessionPlanSchema, type RouteOutput, type TrainingStatus } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, startTestServer, TARGET, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.ask('POST', '/api/targets', TARGET);
});
afterAll(() => server.end());

const plan = (query = '') => server.ask<RouteOutput<'trainingPlan'>>('GET', `/api/training/plan${query}`);

describe('GET /api/training/plan', () => {
  it('says what a session without a word would measure, and its price', async () => {
    const { status, body } = await plan();
    expect(status).toBe(200);
    expect(sessionPlanSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ target: 'shop', budgetSeconds: 240, leftOut: [] });
    expect(body.fits.map(({ kind }) => kind)).toEqual(['load_balancing']);
    expect(body.fits[0]).toMatchObject({ highest: 10_000, unit: 'requests/s', atMost: true });
  });

  it('takes kinds as a list or as all, and a budget', async () => {
    const { body } = await plan('?target=shop&kinds=concurrent_requests,load_balancing&budgetSeconds=600');
    expect(body.fits.map(({ kind }) => kind)).toEqual(['load_balancing', 'concurrent_requests']);
    const all = (await plan('?kinds=all')).body;
    expect(all.fits.length + all.leftOut.length).toBe(8);
    const reasons = all.leftOut.map(({ reason }) => reason).join('\n');
    expect(reasons).toMatch(/budgetSeconds \d+ is enough/);
    expect(reasons).not.toContain('--');
  });

  it.each([
    ['?kinds=speed', 400, 'kinds.0'],
    ['?kinds=', 400, 'kinds.0'],
    ['?kinds=speed', 400, 'or write "all"'],
    ['?budgetSeconds=1', 400, 'budgetSeconds'],
    ['?budgetSeconds=soon', 400, 'budgetSeconds'],
    ['?target=nobody', 404, 'nobody'],
  ])('%s is answered with %i and %s', async (query, status, word) => {
    const answer = await server.ask('GET', `/api/training/plan${query}`);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toContain(word);
  });

  it('leaves its reasons in the limits of kinds that were not reached', async () => {
    await server.ask('POST', '/api/targets', { ...TARGET, id: 'other' });
    const kinds = ['load_balancing', 'concurrent_requests'];
    await server.ask('POST', '/api/training/start', { target: 'other', kinds, budgetSeconds: 60 });
    await server.until(({ current }) => current !== null);
    await server.ask('POST', '/api/training/stop');
    await server.until(({ running }) => !running);
    const { body } = await server.ask<RouteOutput<'targetLimits'>>('GET', '/api/targets/other/limits');
    expect(body.limits.find(({ kind }) => kind === 'concurrent_requests')).toMatchObject({
      status: 'unknown',
      reason: expect.stringMatching(
        /^not reached in the last session: .* budgetSeconds 300 is enough for both$/,
      ) as string,
    });
  });

  it('is what the session carries out, in its status and on the feed', async () => {
    server.load.tickEveryMs = 5;
    const listener = await listen(server);
    const asked = (await plan('?target=shop&budgetSeconds=60')).body;
    await server.ask('POST', '/api/training/start', { target: 'shop', budgetSeconds: 60, seed: 1 });
    const told = await listener.hear(({ type, data }) => type === 'session_updated' && hasPlan(data));
    expect((told.data as { status: TrainingStatus }).status.plan).toEqual(asked);
    const status = await server.until(({ plan: current }) => current?.fits[0]?.atMost === false);
    expect(status.plan).toMatchObject({ target: 'shop', budgetSeconds: 60 });
    await server.ask('POST', '/api/training/stop');
    expect((await server.until(({ running }) => !running)).plan).toBeNull();
    listener.socket.close();
  });
});

function hasPlan(data: unknown): boolean {
  return (data as { status?: TrainingStatus }).status?.plan != null;
}
