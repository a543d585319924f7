import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Toxiproxy } from 'toxiproxy-node-client';
import { startFaultApi, type FaultApi } from '../../src/faults/api.js';
import { dial, ending, startEcho, take, type TestServer } from './sockets.js';

let api: FaultApi;
let echo: TestServer;
let client: Toxiproxy;

beforeEach(async () => {
  [api, echo] = await Promise.all([startFaultApi({ port: 0 }), startEcho()]);
  client = new Toxiproxy(api.url);
});
afterEach(() => Promise.all([api.close(), echo.close()]));

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(api.url + path, {
    method,
    headers: { 'user-agent': 'test' },
    ...(text ? { body: text } : {}),
  });
  const sent = await answer.text();
  return { status: answer.status, body: sent === '' ? undefined : JSON.parse(sent) };
}

async function echoed(address: string, text: string): Promise<string> {
  const socket = await dial(address);
  socket.write(text);
  const got = (await take(socket, text.length)).toString();
  socket.destroy();
  return got;
}

describe("Toxiproxy's own client", () => {
  it('creates, finds, changes and removes proxies', async () => {
    expect(await client.getVersion()).toMatch(/2\.12\.0/);
    const proxy = await client.createProxy({ name: 'db', listen: '127.0.0.1:0', upstream: echo.address });
    expect(proxy.listen).toMatch(/^127\.0\.0\.1:[1-9]/);
    expect(await echoed(proxy.listen, 'hello')).toBe('hello');
    expect((await client.get('db')).upstream).toBe(echo.address);
    expect(Object.keys(await client.getAll())).toEqual(['db']);

    await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
    await expect(dial(proxy.listen)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await client.reset();
    expect(await echoed(proxy.listen, 'again')).toBe('again');

    await proxy.remove();
    await expect(client.get('db')).rejects.toThrow();
    await expect(dial(proxy.listen)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('adds, changes and removes toxics', async () => {
    const proxy = await client.createProxy({ name: 'db', listen: '127.0.0.1:0', upstream: echo.address });
    const toxic = await proxy.addToxic({
      name: 'slow',
      type: 'latency',
      stream: 'upstream',
      toxicity: 1,
      attributes: { latency: 50, jitter: 0 },
    });
    const startMs = performance.now();
    expect(await echoed(proxy.listen, 'x')).toBe('x');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(49);
    await toxic.update({ ...toxic.toJson(), attributes: { latency: 5, jitter: 0 } });
    expect((await proxy.getToxic('slow')).attributes).toEqual({ latency: 5, jitter: 0 });
    await toxic.remove();
    expect(await call('GET', `/proxies/${proxy.name}/toxics`)).toEqual({ status: 200, body: [] });
  });

  it('knows every type of toxic, with its attributes', async () => {
    const proxy = await client.createProxy({ name: 'all', listen: '127.0.0.1:0', upstream: echo.address });
    const add = async (type: string, attributes: Record<string, number>): Promise<void> => {
      const added = await proxy.addToxic({
        type: type as 'latency',
        attributes: attributes as never,
        name: type,
        stream: 'downstream',
        toxicity: 0.5,
      });
      expect(added.attributes).toEqual(attributes);
    };
    await add('latency', { latency: 1, jitter: 2 });
    await add('bandwidth', { rate: 3 });
    await add('slow_close', { delay: 4 });
    await add('timeout', { timeout: 5 });
    await add('reset_peer', { timeout: 6 });
    await add('slicer', { average_size: 8, size_variation: 7, delay: 9 });
    await add('limit_data', { bytes: 10 });
    await client.reset();
    expect(await call('GET', `/proxies/${proxy.name}/toxics`)).toEqual({ status: 200, body: [] });
  });

  it('populates, and leaves alone what is already so', async () => {
    const wanted = [{ name: 'a', listen: '127.0.0.1:0', upstream: echo.address }];
    await client.populate(wanted);
    const { listen } = await client.get('a');
    const socket = await dial(listen);
    socket.write('x');
    await take(socket, 1);
    await client.populate([{ name: 'a', listen, upstream: echo.address }]);
    socket.write('y');
    expect((await take(socket, 1)).toString()).toBe('y');
    socket.destroy();
  });
});

describe('answers as Toxiproxy gives them', () => {
  const proxy = { name: 'p', listen: '127.0.0.1:0', upstream: '' };
  beforeEach(async () => {
    proxy.upstream = echo.address;
    expect((await call('POST', '/proxies', proxy)).status).toBe(201);
  });

  it.each([
    ['GET', '/proxies/none', undefined, 404, 'proxy not found'],
    ['DELETE', '/proxies/none', undefined, 404, 'proxy not found'],
    ['PATCH', '/proxies/none', {}, 404, 'proxy not found'],
    ['GET', '/proxies/none/toxics', undefined, 404, 'proxy not found'],
    ['GET', '/proxies/p/toxics/none', undefined, 404, 'toxic not found'],
    ['DELETE', '/proxies/p/toxics/none', undefined, 404, 'toxic not found'],
    ['PATCH', '/proxies/p/toxics/none', {}, 404, 'toxic not found'],
    ['POST', '/proxies', { name: 'p', upstream: '127.0.0.1:1' }, 409, 'proxy already exists'],
    ['POST', '/proxies', { upstream: '127.0.0.1:1' }, 400, 'missing required field: name'],
    ['POST', '/proxies', { name: 'q' }, 400, 'missing required field: upstream'],
    ['POST', '/populate', [{ name: 'q' }], 400, 'missing required field: upstream at proxy 1'],
    ['POST', '/proxies/p/toxics', { type: 'what' }, 400, 'invalid toxic type'],
    [
      'POST',
      '/proxies/p/toxics',
      { type: 'latency', stream: 'x' },
      400,
      'stream was invalid, can be either upstream or downstream',
    ],
    ['POST', '/proxies', { name: 'q', upstream: '10.0.0.1:80' }, 403, '10.0.0.1 is not a loopback address'],
    [
      'POST',
      '/proxies',
      { name: 'q', upstream: '127.0.0.1:1', listen: '0.0.0.0:0' },
      403,
      'listen 0.0.0.0:0: a fault proxy listens on loopback addresses only',
    ],
  ])('%s %s %j: %i', async (method, path, body, status, error) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status, body: { error, status } });
  });

  it('refuses what is no JSON, unknown routes and methods, and browsers', async () => {
    const bad = await call('POST', '/proxies', '{');
    expect(bad).toMatchObject({ status: 400, body: { error: expect.stringMatching(/^bad request body: /) } });
    expect((await call('GET', '/nothing')).status).toBe(404);
    expect((await call('DELETE', '/version')).status).toBe(405);
    const browser = await fetch(`${api.url}/proxies`, { headers: { 'user-agent': 'Mozilla/5.0' } });
    expect(browser.status).toBe(403);
    expect((await call('POST', '/proxies', `"${'x'.repeat(2 ** 20)}"`)).status).toBe(413);
  });

  it('gives the shapes and statuses of proxies and toxics', async () => {
    expect((await call('POST', '/proxies/p/toxics', { type: 'bandwidth', attributes: { rate: 9 } })).status).toBe(200);
    const toxic = {
      attributes: { rate: 9 },
      name: 'bandwidth_downstream',
      type: 'bandwidth',
      stream: 'downstream',
      toxicity: 1,
    };
    const listen = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
    const shown = { name: 'p', listen, upstream: echo.address, enabled: true, toxics: [toxic] };
    expect(await call('GET', '/proxies')).toEqual({ status: 200, body: { p: shown } });
    expect(await call('GET', '/proxies/p/toxics')).toEqual({ status: 200, body: [toxic] });
    expect((await call('POST', '/proxies/p/toxics', { type: 'bandwidth' })).body).toEqual({
      error: 'toxic already exists',
      status: 409,
    });
    expect(await call('POST', '/proxies/p/toxics/bandwidth_downstream', { toxicity: 0.25 })).toEqual({
      status: 200,
      body: { ...toxic, toxicity: 0.25 },
    });
    expect(await call('DELETE', '/proxies/p/toxics/bandwidth_downstream')).toEqual({ status: 204, body: undefined });
    expect(await call('POST', '/reset')).toEqual({ status: 204, body: undefined });
    expect((await call('DELETE', '/proxies/p')).status).toBe(204);
    expect(await call('GET', '/proxies')).toEqual({ status: 200, body: {} });
  });

  it('drops the connections when the upstream changes', async () => {
    const listen = api.proxies()[0]?.listen ?? '';
    const socket = await dial(listen);
    socket.write('x');
    await take(socket, 1);
    const ended = ending(socket);
    const other = await startEcho();
    expect((await call('PATCH', '/proxies/p', { upstream: other.address })).body).toMatchObject({
      listen,
      enabled: true,
    });
    expect(await ended).toBeTruthy();
    expect(await echoed(listen, 'other')).toBe('other');
    expect((await call('PATCH', '/proxies/p', { upstream: '10.0.0.1:80' })).status).toBe(403);
    expect(await echoed(listen, 'still')).toBe('still');
    await other.close();
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(api.url).port);
    await expect(startFaultApi({ port })).rejects.toMatchObject({ code: 'port_taken' });
    const listen = api.proxies()[0]?.listen;
    expect(await call('POST', '/proxies', { ...proxy, name: 'q', listen })).toMatchObject({
      status: 500,
      body: { error: `listen tcp ${listen}: bind: address already in use` },
    });
    await expect(startFaultApi({ port: 0, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'refused_by_safety' });
  });
});
