import { createServer, type AddressInfo } from 'node:net';
import type { CheckedTarget, SavedTarget } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Parts } from '../../src/index.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

let shared: TestServer;
let asked: string[] = [];
let answerOf: Parts['ask'];
beforeAll(async () => {
  const ask: Parts['ask'] = (question) => {
    asked.push(`${question.request.method} ${question.node.url}${question.request.path}`);
    return answerOf(question);
  };
  shared = await startTestServer({}, { ask });
});
afterAll(() => shared.end());

/** A server without targets, which answer as they are told to, and what they were asked. */
async function serverAsking(answer: Parts['ask']): Promise<TestServer & { asked: string[] }> {
  const { body } = await shared.ask<{ targets: { id: string }[] }>('GET', '/api/targets');
  for (const { id } of body.targets) await shared.ask('DELETE', `/api/targets/${id}`);
  answerOf = answer;
  asked = [];
  return { ...shared, asked };
}
const refused: Parts['ask'] = () => Promise.resolve({ type: 'failed', code: 'ECONNREFUSED', message: 'refused' });
const fine: Parts['ask'] = () => Promise.resolve({ type: 'answered', status: 200, location: null, ms: 21 });

describe('the check of a target', () => {
  it('asks each node once for each class, and writes only when asked and allowed', async () => {
    const server = await serverAsking(fine);
    const target = {
      nodes: [{ url: 'http://127.0.0.1:9', id: 'a' }, { url: 'http://127.0.0.1:10' }],
      requests: [{ name: 'read' }, { name: 'write', method: 'POST', path: '/orders' }],
      safety: { allowWrites: true },
    };
    const { status, body } = await server.ask<CheckedTarget>('POST', '/api/targets/check', target);
    expect([status, body]).toEqual([
      200,
      {
        ok: true,
        checks: [
          { node: 'a', request: 'read', status: 200, ms: 21 },
          { node: 'http://127.0.0.1:10', request: 'read', status: 200, ms: 21 },
        ],
      },
    ]);
    expect(server.asked).toEqual(['GET http://127.0.0.1:9/', 'GET http://127.0.0.1:10/']);
    await server.ask('POST', '/api/targets/check?writes=true', target);
    expect(server.asked).toHaveLength(6);
    await server.ask('POST', '/api/targets/check?writes=true', { ...target, safety: {} });
    expect(server.asked).toHaveLength(8);
    expect((await server.ask('GET', '/api/targets')).body).toMatchObject({ targets: [] });
  });

  it('says what is wrong with a saved target, and how to fix it', async () => {
    const server = await serverAsking(refused);
    await server.ask('POST', '/api/targets', TARGET);
    const { body } = await server.ask<CheckedTarget>('POST', '/api/targets/shop/check');
    expect(body).toEqual({
      ok: false,
      checks: [
        {
          node: TARGET.url,
          request: 'default',
          problem: 'the connection was refused: nothing listens there',
          hint: expect.stringContaining('service runs') as string,
        },
      ],
    });
    expect((await server.ask('POST', '/api/targets/nobody/check')).status).toBe(404);
  });

  it('names a host that does not resolve, and asks the others', async () => {
    const server = await serverAsking(fine);
    const { body } = await server.ask<CheckedTarget>('POST', '/api/targets/check', {
      nodes: [{ url: 'http://nobody.localhost.invalid' }, { url: 'http://127.0.0.1:9' }],
    });
    expect(body).toMatchObject({
      ok: false,
      checks: [
        { request: 'connection', problem: expect.stringContaining('does not resolve') as string },
        { status: 200 },
      ],
    });
  });

  it('connects where nothing may be asked for', async () => {
    const server = await serverAsking(fine);
    const listening = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo;
    const requests = [{ method: 'POST' }];
    const look = async (url: string) =>
      (await server.ask<CheckedTarget>('POST', '/api/targets/check', { url, requests })).body;
    expect(await look(`http://127.0.0.1:${port}`)).toEqual({ ok: true, checks: [] });
    await new Promise((resolve) => listening.close(resolve));
    expect(await look(`http://127.0.0.1:${port}`)).toMatchObject({
      ok: false,
      checks: [{ request: 'connection', problem: expect.stringContaining('refused') as string }],
    });
    expect(server.asked).toEqual([]);
  });

  it.each([
    ['http://169.254.169.254', 403, 'refused_by_safety'],
    ['http://192.168.0.1', 403, 'refused_by_safety'],
    ['http://user:pw@127.0.0.1', 400, 'validation'],
  ])('dials nothing at %s', async (url, status, code) => {
    const server = await serverAsking(fine);
    const nodes = [{ url: 'http://127.0.0.1:9' }, { url }];
    const answer = await server.ask('POST', '/api/targets/check', { nodes });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(server.asked).toEqual([]);
  });
});

describe('saving a target', () => {
  const twice = { requests: [{ name: 'a' }, { name: 'b' }] };

  it('that refuses everything warns once, and starting refuses', async () => {
    const server = await serverAsking(refused);
    const { status, body } = await server.ask<SavedTarget>('POST', '/api/targets', { ...TARGET, ...twice });
    expect(status).toBe(201);
    expect(body.warnings).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:9: the connection was refused: nothing listens there; check that/),
    ]);
    expect((await server.ask('POST', '/api/training/start')).body.error.code).toBe('target_unreachable');
  });

  it('that is slow or refuses one request warns and names it', async () => {
    const server = await serverAsking(({ request }) =>
      request.name === 'a'
        ? Promise.resolve({ type: 'late', connected: true })
        : Promise.resolve({ type: 'answered', status: 200, location: null, ms: 9 }),
    );
    await server.ask('POST', '/api/targets', TARGET);
    const { body } = await server.ask<SavedTarget>('PUT', '/api/targets/shop', { url: TARGET.url, ...twice });
    expect(body.warnings).toEqual([
      'http://127.0.0.1:9 (a): connected, but no answer within 3 s; it may be slow, or hang',
    ]);
  });

  it('whose secrets are missing warns and is saved', async () => {
    const server = await serverAsking(fine);
    const requests = [{ headers: { authorization: 'Bearer ${HIVE_SECRET_NOWHERE}' } }];
    const { status, body } = await server.ask<SavedTarget>('POST', '/api/targets', { ...TARGET, requests });
    expect([status, body.warnings]).toEqual([201, [expect.stringContaining('HIVE_SECRET_NOWHERE')]]);
  });
});
