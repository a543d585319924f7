import type { Mark } from '@hive/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.ask('POST', '/api/targets', TARGET);
});
afterAll(() => server.end());

const listed = async (query = ''): Promise<Mark[]> =>
  (await server.ask<{ marks: Mark[] }>('GET', `/api/marks${query}`)).body.marks;

it('records a mark, lists it, and deletes it', async () => {
  const before = Date.now();
  const { status, body } = await server.ask<Mark>('POST', '/api/marks', { text: 'shop 4.2.1', target: 'shop' });
  expect([status, body]).toEqual([
    201,
    { id: expect.stringMatching(/^mrk_/), at: body.at, target: 'shop', text: 'shop 4.2.1', url: null, labels: {} },
  ]);
  expect(Date.parse(body.at)).toBeGreaterThanOrEqual(before);
  const at = '2026-01-31T12:00:00+01:00';
  const all = { text: 'new rack', at, url: 'https://example.org/rack', labels: { where: 'fra1' } };
  const { body: earlier } = await server.ask<Mark>('POST', '/api/marks', all);
  expect(earlier).toEqual({ ...all, id: earlier.id, target: null, at: '2026-01-31T11:00:00.000Z' });
  expect(await listed('?target=shop')).toEqual([body, earlier]);
  expect(await listed('?to=2026-02-01T00:00:00Z')).toEqual([earlier]);
  expect(await listed('?limit=1')).toEqual([body]);
  expect(await server.ask('DELETE', `/api/marks/${body.id}`)).toEqual({ status: 200, body: { deleted: body.id } });
  expect((await server.ask('DELETE', `/api/marks/${body.id}`)).status).toBe(404);
  expect(await listed()).toEqual([earlier]);
});

it.each<[object, number, string]>([
  [{}, 400, 'text'],
  [{ text: 'x', url: 'ftp://example.org' }, 400, 'url'],
  [{ text: 'x', target: 'nobody' }, 404, "no target with the id 'nobody'"],
])('refuses %j', async (body, status, message) => {
  const answer = await server.ask('POST', '/api/marks', body);
  expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(message)]);
});
