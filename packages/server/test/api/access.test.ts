import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
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
/** Sends what no HTTP client would, and returns all that is answered. */
const sendRaw = (server: TestServer, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.address.port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket
      .setEncoding('utf8')
      .on('data', (part: string) => (answer += part))
      .once('close', () => resolve(answer))
      .once('error', reject);
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

  it('the live feed needs the token, which its address may not hold', async () => {
    const wrong = { ...UPGRADE, authorization: 'Bearer wrong' };
    for (const path of feed.same) {
      expect([path, await send(guarded, path)]).toEqual([path, 401]);
      expect([path, await send(guarded, path, wrong)]).toEqual([path, 401]);
      // It is open to whoever shows a ticket then, and says nothing before.
      expect([path, await send(guarded, path, UPGRADE)]).toEqual([path, 101]);
    }
    for (const path of feed.other) expect([401, 404]).toContain(await send(guarded, path, UPGRADE));
    for (const path of ['/ws/metrics', '/ws/metric%73']) {
      expect([path, await send(guarded, `${path}?token=${TOKEN}`, UPGRADE)]).toEqual([path, 400]);
    }
  });

  it('what is protected by the token stays so, and only the open two are open', async () => {
    for (const path of [...targets.same, ...targets.other]) expect([401, 404]).toContain(await send(guarded, path));
    for (const path of targets.same) expect([path, await send(guarded, path)]).toEqual([path, 401]);
    for (const path of spellings('/api/health').same) expect([path, await send(guarded, path)]).toEqual([path, 200]);
    expect(await send(guarded, `/api/target%73?token=${TOKEN}`)).toBe(401);
  });
});

describe('hosts', () => {
  let named: TestServer;
  beforeAll(async () => {
    named = await startTestServer({ allowHosts: ['hive.example', 'backend'] });
  });
  afterAll(() => named.end());

  it('that are not ours are refused on every route, before anything else', async () => {
    const host = 'evil.example:8000';
    for (const path of ['/', '/api/health', '/api/targets', '/docs/', '/openapi.json', '/metrics', '/api/nothing']) {
      for (const method of ['GET', 'OPTIONS', 'POST'] as const) {
        const preflight = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
        const answer = await guarded.app.inject({ method, url: path, headers: { host, ...preflight } });
        expect([method, path, answer.statusCode]).toEqual([method, path, 403]);
        expect(answer.json()).toMatchObject({
          error: {
            code: 'forbidden_host',
            message: expect.stringContaining(host),
            hint: expect.stringContaining('HIVE_ALLOW_HOSTS=evil.example'),
          },
        });
      }
    }
    for (const path of ['/ws/metrics', '/ws/metric%73', '/ws/nothing']) {
      expect([path, await send(open, path, { ...UPGRADE, host })]).toEqual([path, 403]);
    }
  });

  it('must be said', async () => {
    const empty = 'GET /api/health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(open, empty)).toContain('forbidden_host');
    expect(await sendRaw(open, 'GET /api/health HTTP/1.0\r\n\r\n')).toContain('forbidden_host');
    const upgrade = Object.entries(UPGRADE).map(([name, value]) => `${name}: ${value}\r\n`);
    expect(await sendRaw(open, `GET /ws/metrics HTTP/1.1\r\n${upgrade.join('')}\r\n`)).toContain('forbidden_host');
  });

  it.each([
    'localhost:1',
    'my.localhost',
    '127.0.0.1',
    '192.168.1.5:8000',
    '[::1]:8000',
    'hive.example',
    'backend:8000',
  ])('of ours are answered: %s', async (host) => {
    expect((await named.app.inject({ url: '/api/targets', headers: { host } })).statusCode).toBe(200);
    expect(await send(named, '/ws/metrics', { ...UPGRADE, host })).toBe(101);
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
