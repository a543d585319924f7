import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.js';

const TOKEN = 'a-long-random-text';
let open: TestServer;
let guarded: TestServer;
beforeAll(async () => {
  [open, guarded] = await Promise.all([startTestServer(), startTestServer({ token: TOKEN })]);
});
afterAll(() => Promise.all([open.end(), guarded.end()]));

describe('the token', () => {
  it('is needed for everything but the two that say whether it runs', async () => {
    for (const path of ['/', '/api/health']) expect((await guarded.app.inject(path)).statusCode).toBe(200);
    for (const path of ['/api/targets', '/metrics', '/docs', '/openapi.json', '/api/nothing']) {
      const answer = await guarded.app.inject(path);
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ error: { code: 'unauthorized', hint: expect.stringContaining('Bearer') } });
    }
  });

  it.each([
    [`Bearer ${TOKEN}`, 200],
    [`bearer ${TOKEN}`, 200],
    [`Bearer ${TOKEN}x`, 401],
    ['Bearer', 401],
    [`Basic ${TOKEN}`, 401],
  ])('%s is answered %i', async (authorization, status) => {
    expect((await guarded.app.inject({ url: '/api/targets', headers: { authorization } })).statusCode).toBe(status);
  });

  it('in the query opens only the live feed', async () => {
    expect((await guarded.app.inject(`/api/targets?token=${TOKEN}`)).statusCode).toBe(401);
  });
});

describe('origins', () => {
  const from = (origin: string, method: 'GET' | 'POST') =>
    open.app.inject({ method, url: method === 'GET' ? '/api/targets' : '/api/training/stop', headers: { origin } });

  it('of the dashboard may read and act', async () => {
    const read = await from('http://localhost:3000', 'GET');
    expect(read.headers['access-control-allow-origin']).toBe('http://localhost:3000');
    expect((await from('http://localhost:3000', 'POST')).statusCode).toBe(200);
  });

  it('of other pages may neither read the answer nor act', async () => {
    expect((await from('https://evil.example', 'GET')).headers['access-control-allow-origin']).toBeUndefined();
    const acted = await from('https://evil.example', 'POST');
    expect(acted.statusCode).toBe(403);
    expect(acted.json()).toMatchObject({ error: { code: 'forbidden_origin' } });
    expect((await from('null', 'POST')).statusCode).toBe(403);
  });

  it('may act from the pages of the API itself', async () => {
    const answer = await fetch(`${open.url}/api/training/stop`, { method: 'POST', headers: { origin: open.url } });
    expect(answer.status).toBe(200);
  });

  it('are told before they act, without a token', async () => {
    const answer = await guarded.app.inject({
      method: 'OPTIONS',
      url: '/api/targets',
      headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'PUT' },
    });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['access-control-allow-methods']).toContain('PUT');
  });
});
