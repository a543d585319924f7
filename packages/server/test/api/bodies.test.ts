import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.end());

const post = async (path: string, payload: string | undefined, type?: string) => {
  const answer = await server.app.inject({
    method: 'POST',
    url: path,
    ...(payload === undefined ? {} : { payload }),
    headers: type === undefined ? {} : { 'content-type': type },
  });
  return { status: answer.statusCode, body: answer.json() };
};

describe('bodies', () => {
  it.each([
    [undefined, undefined],
    ['', 'application/json'],
    ['', 'application/x-www-form-urlencoded'],
    ['{}', 'application/json; charset=utf-8'],
    ['null', 'application/json'],
  ])('%j as %s is accepted where every field is optional', async (payload, type) => {
    expect((await post('/api/training/stop', payload, type)).status).toBe(200);
  });

  it.each([
    ['{"session_id":', 'application/json'],
    ['{"__proto__": {"a": 1}}', 'application/json'],
    ['session_id=1', 'application/x-www-form-urlencoded'],
    ['hello', 'text/plain'],
  ])('%j as %s is refused', async (payload, type) => {
    const { status, body } = await post('/api/training/stop', payload, type);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'validation', message: expect.stringContaining('body') });
  });

  it.each([
    ['arrays', '['.repeat(400_000) + ']'.repeat(400_000)],
    ['objects', '{"a":'.repeat(150_000) + '1' + '}'.repeat(150_000)],
    ['arrays that never end', '['.repeat(900_000)],
    ['both, in a field', `{"requests":${'[{"a":'.repeat(100)}1${'}]'.repeat(100)}}`],
  ])('that nest too deeply are refused before they are parsed: %s', async (_what, payload) => {
    for (const path of ['/api/targets', '/api/training/start', '/api/sessions']) {
      const { status, body } = await post(path, payload, 'application/json');
      expect([status, body.error.code, body.error.message]).toEqual([400, 'validation', 'body: nests too deeply']);
    }
  });

  it('brackets in strings do not nest', async () => {
    const name = `${'['.repeat(100)}\\"${'{'.repeat(100)}`;
    const { body } = await post('/api/training/stop', `{"session_id": "${name}"}`, 'application/json');
    expect(body.error.code).toBe('not_found');
  });

  it('must have come in whole after a while', () => {
    expect(server.app.server.requestTimeout).toBe(60_000);
  });

  it('refuses more than it can take', async () => {
    const { status, body } = await post('/api/targets', `"${'x'.repeat(1_100_000)}"`, 'application/json');
    expect(status).toBe(413);
    expect(body.error.code).toBe('payload_too_large');
  });
});
