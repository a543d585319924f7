import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toTarget, type SessionRow, type Target, type TargetInput } from '@hive/contract';
import type { Ask } from '@hive/engine';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

const servers: Server[] = [];
let hive: TestServer;
let status = 200;
let page: string;
let asked = 0;
beforeAll(async () => {
  const server = createServer((_, response) => {
    asked += 1;
    response.statusCode = status;
    response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  hive = await startTestServer();
});
afterEach(async () => {
  status = 200;
  await hive.ask('POST', '/api/stop-all');
});
afterAll(async () => {
  await hive.end();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

let number = 0;
async function target(safety: TargetInput['safety']): Promise<string> {
  const id = `shop-${(number += 1)}`;
  const { status: saved } = await hive.ask('POST', '/api/targets', { ...TARGET, id, safety });
  expect(saved).toBe(201);
  return id;
}

const train = (id: string) => hive.ask('POST', '/api/training/start', { target: id, budgetSeconds: 60 });
const sessionOf = async (id: string): Promise<SessionRow> =>
  (await hive.ask<SessionRow>('GET', `/api/sessions/${id}`)).body;

describe('the safety settings of a target, through the API', () => {
  it('are stored and shown', async () => {
    const safety = {
      environment: 'staging' as const,
      hours: ['Mon-Fr 20:00-06:00 Europe/Berlin'],
      guards: [{ url: page }],
    };
    const id = await target(safety);
    const { body } = await hive.ask<Target>('GET', `/api/targets/${id}`);
    expect(body.safety).toMatchObject({ ...safety, maxBadRequests: 500, maxRequests: null, maxRatePerSecond: 200 });
    expect(body.identify).toBe(true);
  });

  it('refuse production whatever would load it, with what to use instead', async () => {
    const id = await target({ environment: 'production' });
    const { body: scenario } = await hive.ask('POST', '/api/scenarios/generate', {
      target: id,
      kind: 'load_balancing',
    });
    for (const path of ['/api/training/start', `/api/scenarios/${scenario.id}/execute`]) {
      const { status: answered, body } = await hive.ask(
        'POST',
        path,
        path.endsWith('start') ? { target: id } : undefined,
      );
      expect([answered, body.error.code, body.error.message]).toEqual([
        403,
        'refused_by_safety',
        `${id} is a production target: only hive verify may load it`,
      ]);
      expect(body.error.hint).toContain('hive verify --at 50/s --production 127.0.0.1');
    }
  });

  it('refuse a start outside the hours, with the next time', async () => {
    const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(new Date().getUTCDay() + 3) % 7] as string;
    const id = await target({ hours: [`${day} 10:00-11:00 UTC`] });
    const { status: answered, body } = await train(id);
    expect([answered, body.error.code]).toEqual([403, 'refused_by_safety']);
    expect(body.error.message).toMatch(
      new RegExp(`^${id} may be loaded only ${day} 10:00-11:00 UTC; the next time is ${day} .* 10:00 UTC$`),
    );
  });

  it('refuse a start while a guard is bad, asked once', async () => {
    const id = await target({ guards: [{ url: page }] });
    status = 503;
    const before = asked;
    const { status: answered, body } = await train(id);
    expect([answered, body.error.code]).toEqual([403, 'refused_by_safety']);
    expect(body.error.message).toMatch(/the guard .*\/health of shop-\d+ is bad already: answered 503/);
    expect(asked - before).toBe(1);
  });

  it('stop a session by a guard, with its own code, and it can be resumed', { timeout: 30_000 }, async () => {
    const id = await target({ guards: [{ url: page }] });
    hive.load.tickEveryMs = 50;
    const { body } = await train(id);
    await hive.until(({ current }) => current !== null);
    status = 503;
    await hive.until(({ running }) => !running);
    expect(await sessionOf(body.session_id)).toMatchObject({
      status: 'stopped',
      end_code: 'stopped_by_guard',
      end_reason: expect.stringMatching(/^the guard .*\/health stopped the session: answered 503$/) as string,
    });
    status = 200;
    const resumed = await hive.ask('POST', `/api/sessions/${body.session_id}/resume`);
    expect(resumed.status).toBe(202);
  });

  it('refuse guards that may not be dialled, and passwords in their addresses, when they are saved', async () => {
    const save = (guard: object) =>
      hive.ask('POST', '/api/targets', { ...TARGET, id: 'guarded', safety: { guards: [guard] } });
    expect((await save({ url: 'http://192.0.2.1/health' })).body.error.code).toBe('refused_by_safety');
    expect((await save({ url: 'http://me:secret@127.0.0.1/health' })).body.error.code).toBe('validation');
    expect((await save({ prometheus: 'http://10.9.9.9:9090', query: 'up', below: 1 })).body.error.code).toBe(
      'refused_by_safety',
    );
  });
});

describe('the requests of a session', () => {
  it('count on when it is resumed', { timeout: 30_000 }, async () => {
    const counted: string[] = [];
    const ask: Ask = ({ identity }) => {
      counted.push(identity['x-hive-session'] ?? '');
      return Promise.resolve({ type: 'answered', status: 200, location: null, ms: 20 });
    };
    const own = await startTestServer({}, { ask });
    own.load.tickEveryMs = 50;
    await own.ask('POST', '/api/targets', { ...TARGET, safety: { maxRequests: 60 } });
    const { body } = await own.ask('POST', '/api/training/start', { budgetSeconds: 60 });
    await own.until(({ scenarios_completed }) => scenarios_completed > 0);
    await own.ask('POST', '/api/training/stop');
    const session = await own.ask<SessionRow>('GET', `/api/sessions/${body.session_id}`);
    const { requests } = session.body.metrics['spent'] as { requests: number };
    // What was asked alone and at the first contact: this load sends nothing.
    expect(requests).toBe(counted.filter((id) => id === body.session_id).length);
    expect(requests).toBeGreaterThan(2);

    await own.ask('POST', `/api/sessions/${body.session_id}/resume`);
    await own.until(({ scenarios_completed }) => scenarios_completed > 1);
    await own.ask('POST', '/api/training/stop');
    const again = await own.ask<SessionRow>('GET', `/api/sessions/${body.session_id}`);
    expect((again.body.metrics['spent'] as { requests: number }).requests).toBeGreaterThan(requests);
    await own.end();
  });

  it('are not asked for again once they are spent', async () => {
    const own = await startTestServer();
    const { safety } = toTarget({ ...TARGET, safety: { maxRequests: 4 } }, 'shop');
    await own.ask('POST', '/api/targets', { ...TARGET, safety: { maxRequests: safety.maxRequests } });
    const { body } = await own.ask('POST', '/api/training/start', { budgetSeconds: 60 });
    await own.until(({ running }) => !running);
    const session = await own.ask<SessionRow>('GET', `/api/sessions/${body.session_id}`);
    expect(session.body).toMatchObject({ status: 'stopped', end_code: 'max_requests' });
    await own.end();
  });
});
