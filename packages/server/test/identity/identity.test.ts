import { PERMISSIONS } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../src/identity/identity.js';
import { openIdentity } from '../../src/identity/open.js';
import type { Principal } from '../../src/identity/principal.js';
import { tokenIdentity } from '../../src/identity/token.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

const TOKEN = 'long-and-random';
const shown = (authorization?: string, queryToken?: string) => ({ authorization, queryToken });

describe('who is calling', () => {
  it('is anyone, who may do everything, where no token is set', async () => {
    const identity = openIdentity();
    expect(identity.needs).toBe('nothing');
    for (const one of [shown(), shown('Bearer something')]) {
      expect((await identity.who(one))?.permissions).toEqual(new Set(PERMISSIONS));
    }
  });

  it.each([
    ['the header', shown(`Bearer ${TOKEN}`)],
    ['the header, however it is written', shown(`bearer   ${TOKEN} `)],
    ['a query that may hold it', shown(undefined, TOKEN)],
    ['a query, beside a header of another kind', shown('Basic abc', TOKEN)],
  ])('is the bearer of the token, by %s', async (_, credentials) => {
    const identity = tokenIdentity(TOKEN);
    expect(identity.needs).toBe('token');
    expect(await identity.who(credentials)).toMatchObject({ id: 'token', permissions: new Set(PERMISSIONS) });
  });

  it.each([
    ['nothing', shown()],
    ['a header of another kind', shown('Basic abc')],
  ])('is not known by %s', async (_, credentials) => {
    expect(await tokenIdentity(TOKEN).who(credentials)).toBeNull();
  });

  it.each([
    ['another token', shown('Bearer wrong')],
    ['an empty one', shown(undefined, '')],
    ['another token in the header, beside the right one in the query', shown('Bearer wrong', TOKEN)],
  ])('is refused for %s', async (_, credentials) => {
    const refused = { code: 'unauthorized', message: 'the token is wrong' };
    await expect(tokenIdentity(TOKEN).who(credentials)).rejects.toMatchObject(refused);
  });
});

describe('a caller who may only read', () => {
  const viewer: Principal = { id: 'v', name: 'Vera', permissions: new Set(['read']) };
  const identity: Identity = { needs: 'token', who: async ({ authorization }) => (authorization ? viewer : null) };
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({}, { identity, targets: [{ ...TARGET, id: 'shop' }] });
  });
  afterAll(() => server.end());
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, headers: Record<string, string>) => {
    const answer = await server.app.inject({ method, url, headers });
    return { status: answer.statusCode, body: answer };
  };

  it('reads, and may neither run nor change anything', async () => {
    const headers = { authorization: 'x' };
    expect(await ask('GET', '/api/targets/shop', headers)).toMatchObject({ status: 200 });
    expect(await ask('GET', '/metrics', headers)).toMatchObject({ status: 200 });
    const refused = await ask('POST', '/api/training/start', headers);
    expect(refused.status).toBe(403);
    expect(refused.body.json()).toEqual({
      error: {
        code: 'forbidden',
        message: 'Vera is not allowed to do this: the permission run is missing',
        hint: expect.any(String) as string,
        details: { permission: 'run' },
      },
    });
    expect((await ask('DELETE', '/api/targets/shop', headers)).body.body).toContain('target.write');
    expect(await ask('GET', '/api/targets/shop', headers)).toMatchObject({ status: 200 });
  });

  it('is asked who they are where that matters, and nowhere else', async () => {
    for (const url of ['/', '/api/health']) expect(await ask('GET', url, {})).toMatchObject({ status: 200 });
    for (const url of ['/api/targets', '/metrics', '/docs/', '/openapi.json'])
      expect(await ask('GET', url, {})).toMatchObject({ status: 401 });
  });
});
