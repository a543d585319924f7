import { request as httpRequest } from 'node:http';
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

/** Other spellings of a path: those the router takes for it, and those it does not. */
const spellings = (path: string): { same: string[]; other: string[] } => {
  const last = path.slice(0, -1);
  const code = path.charCodeAt(path.length - 1).toString(16);
  return {
    same: [path, `${last}%${code}`, `${path}#`, `${path}#?`, `http://elsewhere.example${path}`],
    other: [
      `${last}%25${code}`,
      path.replace(/\/(\w+)$/, '%2F$1'),
      path.toUpperCase(),
      `${path}/`,
      `/${path}`,
      path.replace(/\/(\w+)$/, '//$1'),
      `${path};`,
      `/api/health/..${path}`,
      `${path}%zz`,
    ],
  };
};

/** Sends a path letter by letter as it is given, and returns the status; 101 when the feed was opened. */
const send = (server: TestServer, path: string, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = server.address;
    httpRequest({ host: '127.0.0.1', port, path, headers, agent: false })
      .once('response', (response) => resolve(response.resume().statusCode ?? 0))
      .once('upgrade', (_response, socket) => {
        socket.destroy();
        resolve(101);
      })
      .once('error', (error) => reject(new Error(path, { cause: error })))
      .end();
  });
const UPGRADE = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

describe('however a path is spelled', () => {
  const feed = spellings('/ws/metrics');
  const targets = spellings('/api/targets');

  it('the live feed is closed to foreign pages, and opens for the dashboard', async () => {
    const foreign = { ...UPGRADE, origin: 'https://evil.example' };
    for (const path of feed.same) {
      expect([path, await send(open, path, foreign)]).toEqual([path, 403]);
      expect([path, await send(open, path, { ...UPGRADE, origin: 'http://localhost:3000' })]).toEqual([path, 101]);
    }
    for (const path of feed.other) expect([path, await send(open, path, foreign)]).toEqual([path, 404]);
  });

  it('the live feed needs the token, which its query may hold', async () => {
    for (const path of feed.same) expect([path, await send(guarded, path, UPGRADE)]).toEqual([path, 401]);
    for (const path of feed.other) expect([401, 404]).toContain(await send(guarded, path, UPGRADE));
    for (const path of ['/ws/metrics', '/ws/metric%73']) {
      expect([path, await send(guarded, `${path}?token=${TOKEN}`, UPGRADE)]).toEqual([path, 101]);
    }
  });

  it('what is protected by the token stays so, and only the open two are open', async () => {
    for (const path of [...targets.same, ...targets.other]) expect([401, 404]).toContain(await send(guarded, path));
    for (const path of targets.same) expect([path, await send(guarded, path)]).toEqual([path, 401]);
    for (const path of spellings('/api/health').same) expect([path, await send(guarded, path)]).toEqual([path, 200]);
    expect(await send(guarded, `/api/target%73?token=${TOKEN}`)).toBe(401);
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
