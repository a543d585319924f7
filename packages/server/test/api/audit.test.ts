import type { AuditEntry } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasswords } from '../../src/identity/passwords.js';
import { startTestServer, TARGET, type AnyBody, type TestServer } from '../test-server.js';

const SERVICE = 'long-and-random';
const PASSWORD = 'correct horse battery';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(
    { token: SERVICE },
    { passwords: createPasswords({ N: 1_024, r: 8, p: 1 }), targets: [{ ...TARGET, id: 'shop' }] },
  );
});
afterAll(() => server.end());

async function send(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  given: { headers?: object; body?: object } = {},
) {
  const { headers = { authorization: `Bearer ${SERVICE}` }, body } = given;
  const answer = await server.app.inject({
    method,
    url,
    remoteAddress: '10.9.8.7',
    headers: headers as Record<string, string>,
    ...(body && { payload: body }),
  });
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
}
const audit = async (query = ''): Promise<AuditEntry[]> =>
  (JSON.parse((await send('GET', `/api/audit${query}`)).text) as { entries: AuditEntry[] }).entries;

describe('the audit', () => {
  it('says who did what, on what, from where, and how it ended: the newest first', async () => {
    await send('POST', '/api/users', { body: { email: 'ada@example.org', role: 'admin', password: PASSWORD } });
    const vera = { email: 'vera@example.org', name: '=Vera', role: 'viewer', password: PASSWORD };
    await send('POST', '/api/users', { body: vera });
    const origin = 'http://localhost:3000';
    const signIn = (password: string) =>
      send('POST', '/api/auth/sign-in', { headers: { origin }, body: { email: vera.email, password } });
    await signIn('wrong');
    const cookie = String((await signIn(PASSWORD)).headers['set-cookie']).split(';', 1)[0] ?? '';
    const headers = { origin, cookie };
    await send('POST', '/api/training/start', { headers, body: { target: 'shop' } });
    await send('POST', '/api/tokens', { headers, body: { name: 'ci', role: 'viewer' } });
    const started = await send('POST', '/api/training/start', { body: { target: 'shop', budgetSeconds: 60 } });
    expect(started.status).toBe(202);
    await send('POST', '/api/stop-all');
    await send('DELETE', '/api/targets/nothing');
    await send('GET', '/api/targets', { headers: {} });
    await send('GET', '/api/audit', { headers });

    const kept = (await audit()).map(({ name, action, on, outcome, from }) => [name, action, on, outcome, from]);
    const service = 'the bearer of HIVE_TOKEN';
    const address = '10.9.8.7';
    expect(kept).toEqual([
      ['=Vera', 'listAudit', null, 'refused', address],
      ['nobody', 'request', 'GET /api/targets', 'refused', address],
      [service, 'deleteTarget', 'nothing', 'failed', address],
      [service, 'stopAll', null, 'done', address],
      [service, 'startTraining', 'shop', 'done', address],
      ['=Vera', 'createToken', 'ci', 'done', address],
      ['=Vera', 'startTraining', 'shop', 'refused', address],
      ['nobody', 'signIn', vera.email, 'done', address],
      ['nobody', 'signIn', vera.email, 'refused', address],
      [service, 'createUser', vera.email, 'done', address],
      [service, 'createUser', 'ada@example.org', 'done', address],
    ]);
    const all = JSON.stringify(await audit());
    for (const secret of [PASSWORD, SERVICE, 'hive_']) expect(all).not.toContain(secret);
  });

  it('is filtered, paged, and a file that no spreadsheet calculates', async () => {
    const refused = await audit('?outcome=refused');
    expect(refused.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining('the permission run is missing'),
    );
    expect(await audit('?action=signIn')).toHaveLength(2);
    expect(await audit('?who=token&action=stopAll')).toHaveLength(1);
    const { next, entries } = JSON.parse((await send('GET', '/api/audit?limit=2')).text) as {
      next: string;
      entries: AnyBody[];
    };
    expect(entries).toHaveLength(2);
    expect((await audit(`?limit=2&after=${next}`))[0]?.action).toBe('deleteTarget');
    const file = await send('GET', '/api/audit?format=csv');
    expect(file.headers['content-type']).toContain('text/csv');
    expect(file.text).toMatch(/^at,who,name,action,on,from,outcome,reason\n/);
    expect(file.text).toContain(",'=Vera,createToken,ci,10.9.8.7,done,\n");
    expect((await send('GET', '/api/audit?from=yesterday')).status).toBe(400);
  });

  it('cannot be changed', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'] as const)
      expect((await send(method, '/api/audit')).status).toBe(404);
  });

  it('holds no more than a hundred requests a minute of callers that are not known', async () => {
    await Promise.all(Array.from({ length: 150 }, () => send('GET', '/api/targets', { headers: {} })));
    expect((await audit('?action=request&limit=500')).length).toBeLessThanOrEqual(100);
  });
});
