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

  it('must have come in whole after a while', () => {
    expect(server.app.server.requestTimeout).toBe(60_000);
  });

  it('refuses more than it can take', async () => {
    const { status, body } = await post('/api/targets', `"${'x'.repeat(1_100_000)}"`, 'application/json');
    expect(status).toBe(413);
    expect(body.error.code).toBe('payload_too_large');
  });
});
