import type { SavedTarget } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ allowTargets: ['10.1.0.0/16'] });
});
afterAll(() => server.end());

describe('targets', () => {
  it('are created with every default, replaced, and forgotten', async () => {
    const created = await server.ask('POST', '/api/targets', TARGET);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: 'shop',
      nodes: [{ url: 'http://127.0.0.1:9', weight: 1 }],
      requests: [{ method: 'GET', path: '/' }],
      safety: { allowWrites: false },
    });
    const replaced = await server.ask('PUT', '/api/targets/shop', {
      url: 'http://127.0.0.1:10',
      objectives: ['avg<80'],
    });
    expect(replaced.body).toMatchObject({ id: 'shop', objectives: ['avg<80'] });
    const { warnings, ...stored } = replaced.body as unknown as SavedTarget;
    expect(warnings).toEqual([]);
    expect((await server.ask('GET', '/api/targets/shop')).body).toEqual(stored);
    expect(await server.ask('DELETE', '/api/targets/shop')).toEqual({ status: 200, body: { deleted: 'shop' } });
    expect((await server.ask('GET', '/api/targets/shop')).status).toBe(404);
    expect((await server.ask('DELETE', '/api/targets/shop')).status).toBe(404);
  });

  it('are named after their address when they have no name', async () => {
    const first = await server.ask('POST', '/api/targets', { url: 'http://127.0.0.1:8081/shop' });
    const second = await server.ask('POST', '/api/targets', { url: 'http://127.0.0.1:8081' });
    const third = await server.ask('POST', '/api/targets', { url: 'http://[::1]:8081' });
    const socket = { nodes: [{ url: 'http://app.example', socket: '/run/app.sock' }] };
    const fourth = await server.ask('POST', '/api/targets', socket);
    expect([first, second, third, fourth].map(({ body }) => body.id)).toEqual([
      '127.0.0.1-8081',
      '127.0.0.1-8081-2',
      '1-8081',
      'run-app.sock',
    ]);
  });

  it('may not take the name of another', async () => {
    await server.ask('POST', '/api/targets', { ...TARGET, id: 'twice' });
    const { status, body } = await server.ask('POST', '/api/targets', { ...TARGET, id: 'twice' });
    expect(status).toBe(409);
    expect(body.error).toMatchObject({ code: 'conflict', hint: expect.stringContaining('PUT') });
  });

  it('are replaced only under their own name, and only when they exist', async () => {
    await server.ask('POST', '/api/targets', { ...TARGET, id: 'own' });
    const { status, body } = await server.ask('PUT', '/api/targets/own', { ...TARGET, id: 'other' });
    expect(status).toBe(400);
    expect(body.error.message).toContain('id');
    expect((await server.ask('PUT', '/api/targets/nobody', { url: 'http://127.0.0.1:9' })).status).toBe(404);
  });

  it('accepts an address that the allow-list names', async () => {
    expect((await server.ask('POST', '/api/targets', { url: 'http://10.1.2.3' })).status).toBe(201);
  });
});
