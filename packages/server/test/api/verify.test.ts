import type { SessionRow } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, TARGET, type AnyBody, type TestServer } from '../test-server.js';

describe('a question about one rate', () => {
  let server: TestServer;
  const ask = <Body = AnyBody>(body: object) => server.ask<Body>('POST', '/api/verify', { target: TARGET.id, ...body });
  const answered = async (id: string): Promise<SessionRow> => {
    await server.until(({ running }) => !running);
    return (await server.ask<SessionRow>('GET', `/api/sessions/${id}`)).body;
  };
  beforeAll(async () => {
    server = await startTestServer();
    await server.ask('POST', '/api/targets', TARGET);
  });
  afterAll(() => server.end());

  it('is answered with yes by a session that keeps question, answer and labels', async () => {
    const { status, body } = await ask({ atPerSecond: 100, forSeconds: 5, labels: { branch: 'main' } });
    expect([status, body]).toEqual([202, { status: 'verify_started', session_id: expect.stringMatching(/^ses_/) }]);
    const session = await answered(body.session_id);
    expect(session).toMatchObject({
      mode: 'verify',
      status: 'completed',
      end_code: 'goal',
      kinds: ['load_balancing'],
      question: { at_per_second: 100, for_seconds: 5 },
      answer: 'yes',
      labels: { branch: 'main' },
    });
    expect(server.load.orders.length).toBeGreaterThanOrEqual(1);
    const { body: found } = await server.ask<{ sessions: SessionRow[] }>('GET', '/api/sessions?label=branch%3Dmain');
    expect(found.sessions.map(({ id }) => id)).toEqual([body.session_id]);
    const { body: others } = await server.ask<{ sessions: SessionRow[] }>('GET', '/api/sessions?label=branch%3Dnone');
    expect(others.sessions).toEqual([]);
  });

  it('is answered with no above what the target carries, and never more is sent', async () => {
    const before = server.load.orders.length;
    const { body } = await ask({ atPerSecond: 450, forSeconds: 5 });
    expect(await answered(body.session_id)).toMatchObject({ answer: 'no', labels: {} });
    for (const { arrivals } of server.load.orders.slice(before))
      expect(arrivals).toMatchObject({ model: 'open', stages: [{ fromPerSecond: 450, toPerSecond: 450 }] });
  });

  it.each([
    [{}, 400, 'validation', /atPerSecond/],
    [{ atPerSecond: 0 }, 400, 'validation', /atPerSecond/],
    [{ atPerSecond: 100, forSeconds: 0 }, 400, 'validation', /forSeconds/],
    [{ atPerSecond: 1e6 }, 403, 'refused_by_safety', /cap of 10000/],
    [{ atPerSecond: 100, labels: { 'a b': 'c' } }, 400, 'validation', /labels/],
    [{ atPerSecond: 100, objectives: ['throughput>=10'] }, 400, 'validation', /objectives/],
    [{ atPerSecond: 100, target: 'none' }, 404, 'not_found', /none/],
  ])('refuses %j before anything is sent', async (body, status, code, message) => {
    const before = server.load.orders.length;
    const answer = await ask(body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).toMatch(message);
    expect(server.load.orders).toHaveLength(before);
  });
});
