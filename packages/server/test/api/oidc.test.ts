import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Me, User } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import type { ConfigOverrides } from '../../src/index.js';
import { startProvider, type Provider, type Says } from '../identity/provider.js';
import { startTestServer, type AnyBody, type Reply, type TestServer } from '../test-server.js';

const ORIGIN = 'http://localhost:3000';
const SERVICE = { authorization: 'Bearer long-and-random' };
let provider: Provider;
let folder: string;
let settings: ConfigOverrides;
let server: TestServer;

/** A request as a page of the dashboard sends it. */
async function ask<Body = AnyBody>(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {},
): Promise<Reply<Body> & { cookie: string }> {
  const answer = await server.app.inject({
    method,
    url,
    headers: { origin: ORIGIN, ...headers },
    ...(body && { payload: body }),
  });
  const set = answer.headers['set-cookie'];
  const cookie = typeof set === 'string' ? (set.split(';', 1)[0] ?? '') : '';
  return { status: answer.statusCode, body: answer.json(), cookie };
}
const begin = async () =>
  (await ask<{ url: string; attempt: string }>('POST', '/api/auth/oidc/begin', { body: { page: ORIGIN } })).body;
const finish = (body: { attempt: string; answer: string }) =>
  ask<Me & AnyBody>('POST', '/api/auth/oidc/finish', { body });
/** Somebody signs in, at the provider and here. */
async function signIn(claims: Record<string, unknown>, says: Says = {}) {
  const { url, attempt } = await begin();
  return finish({ attempt, answer: provider.visit(url, { ...says, claims }) });
}
const ADA = { sub: 'ada', email: 'Ada@Example.org', name: 'Ada', groups: ['staff', 'hive-admins', 'sre'] };
const users = async () => (await ask<{ users: User[] }>('GET', '/api/users', { headers: SERVICE })).body.users;

beforeAll(async () => {
  provider = await startProvider();
  folder = await mkdtemp(join(tmpdir(), 'hive-oidc-'));
  await writeFile(join(folder, 'secret'), `${provider.clientSecret}\n`);
  settings = {
    oidcIssuer: provider.issuer,
    oidcClientId: provider.clientId,
    oidcClientSecretFile: join(folder, 'secret'),
    oidcRoleMap: 'hive-admins=admin, sre=operator,guests=viewer',
  };
  server = await startTestServer({ token: 'long-and-random', ...settings });
});
afterAll(async () => {
  await server.end();
  await provider.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a Hive with a provider of OpenID Connect', () => {
  it('asks everyone to sign in from its first start on, and offers the provider', async () => {
    expect((await ask('GET', '/api/targets')).status).toBe(401);
    const { body } = await ask<Me>('GET', '/api/me');
    const { host } = new URL(provider.issuer);
    expect(body).toMatchObject({
      mode: 'users',
      needsFirstAdmin: false,
      signIn: { password: true, oidc: { name: host } },
    });
  });

  it('sends browsers there with PKCE, state and nonce, and back to its own pages alone', async () => {
    const { url } = await begin();
    expect(url).not.toContain(provider.clientSecret);
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'hive',
      redirect_uri: `${ORIGIN}/signed-in`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const foreign = await ask('POST', '/api/auth/oidc/begin', { body: { page: 'https://evil.example' } });
    expect([foreign.status, foreign.body.error.code]).toEqual([403, 'forbidden_origin']);
  });

  it('lets people in with the highest role of their claim, at every sign-in anew', async () => {
    const first = await signIn(ADA);
    expect([first.status, first.body]).toEqual([
      200,
      expect.objectContaining({ email: 'ada@example.org', name: 'Ada', role: 'admin' }),
    ]);
    const headers = { cookie: first.cookie };
    expect((await ask('GET', '/api/users', { headers })).status).toBe(200);
    expect(await users()).toMatchObject([{ email: 'ada@example.org', role: 'admin', signsInWith: ['oidc'] }]);
    // The last admin stays one, whatever the provider says.
    expect((await signIn({ ...ADA, groups: 'guests' })).status).toBe(409);
    await signIn({ ...ADA, sub: 'bob', email: 'bob@example.org' });
    expect((await signIn({ ...ADA, groups: 'guests' })).body.role).toBe('viewer');
    // What they are now holds in the browsers where they had signed in before.
    expect((await ask('GET', '/api/users', { headers })).status).toBe(403);
  });

  it('ends a session after twelve hours at the latest', async () => {
    const { cookie } = await signIn(ADA);
    const { body } = await ask<{ sessions: { current: boolean; expiresAt: string }[] }>('GET', '/api/auth/sessions', {
      headers: { cookie },
    });
    const ends = Date.parse(body.sessions.find(({ current }) => current)?.expiresAt ?? '');
    expect(ends - Date.now()).toBeLessThanOrEqual(12 * 3_600_000);
    expect(ends - Date.now()).toBeGreaterThan(11 * 3_600_000);
  });

  it('takes its whole face from someone who is removed, at once', async () => {
    const { cookie } = await signIn({ sub: 'carl', email: 'carl@example.org', groups: ['sre'] });
    const headers = { cookie };
    expect((await ask('GET', '/api/targets', { headers })).status).toBe(200);
    const carl = (await users()).find(({ email }) => email === 'carl@example.org');
    await ask('DELETE', `/api/users/${carl?.id}`, { headers: SERVICE });
    expect((await ask('GET', '/api/targets', { headers })).status).toBe(401);
    expect((await ask<Me>('GET', '/api/me', { headers })).body.id).toBeNull();
  });

  it.each([
    ['no claim', {}],
    ['a claim without a role', { groups: ['staff'] }],
    ['a claim that is no text', { groups: [{ name: 'hive-admins' }, 7, null] }],
  ])('refuses who has %s, says why, and keeps it in the audit', async (_, claims) => {
    const { status, body, cookie } = await signIn({ sub: 'dan', email: 'dan@example.org', ...claims });
    expect([status, body.error.code, cookie]).toEqual([403, 'forbidden', '']);
    expect(body.error.message).toBe('dan@example.org may not use this Hive: the claim groups gives no role');
    expect((await users()).map(({ email }) => email)).not.toContain('dan@example.org');
    const audit = await server.app.inject({ url: '/api/audit?action=finishOidc&outcome=refused', headers: SERVICE });
    expect(audit.body).toContain('dan@example.org may not use this Hive');
  });

  it('gives an account to nobody who only says that its e-mail address is theirs', async () => {
    const email = 'eve@example.org';
    await ask('POST', '/api/users', {
      headers: SERVICE,
      body: { email, role: 'admin', password: 'correct horse battery' },
    });
    const claims = { sub: 'eve', email, groups: ['hive-admins'] };
    for (const verified of [undefined, false, 'true']) {
      const { status, cookie } = await signIn({ ...claims, email_verified: verified });
      expect([verified, status, cookie]).toEqual([verified, 409, '']);
    }
    expect((await signIn({ ...claims, email_verified: true })).body).toMatchObject({ email, role: 'admin' });
    expect((await users()).find((user) => user.email === email)?.signsInWith).toEqual(['password', 'oidc']);
    // From then on it is theirs, and another subject's no more.
    expect((await signIn({ ...claims, sub: 'other', email_verified: true })).status).toBe(409);
    expect((await signIn({ sub: 'frank', groups: ['sre'] })).body.error.message).toContain('no e-mail address');
  });

  it.each<[string, Says]>([
    ['for another audience', { audience: 'another client' }],
    ['with another nonce', { nonce: 'another' }],
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['that is forged', { forged: true }],
  ])('refuses an ID token %s', async (_, says) => {
    const { status, body, cookie } = await signIn(ADA, says);
    expect([status, body.error.code, cookie]).toEqual([401, 'unauthorized', '']);
    expect(body.error.message).toContain('sent an answer that does not hold');
  });

  it('refuses another state, what was begun elsewhere, and an answer that comes twice', async () => {
    const [one, other] = [await begin(), await begin()];
    const answer = provider.visit(one.url, { claims: ADA });
    expect((await finish({ attempt: other.attempt, answer })).status).toBe(401);
    expect((await finish({ attempt: 'guess', answer })).status).toBe(401);
    expect((await finish({ attempt: one.attempt, answer: answer.replace(/state=.*/, 'state=') })).status).toBe(401);
    expect((await finish({ attempt: one.attempt, answer })).status).toBe(401);
    const good = await begin();
    const query = provider.visit(good.url, { claims: ADA });
    expect((await finish({ attempt: good.attempt, answer: query })).status).toBe(200);
    expect((await finish({ attempt: good.attempt, answer: query })).status).toBe(401);
  });

  it('says what the provider says against it', async () => {
    const { url, attempt } = await begin();
    const state = new URL(url).searchParams.get('state') ?? '';
    const { body } = await finish({ attempt, answer: `error=access_denied&state=${state}` });
    expect(body.error.message).toBe(`${provider.issuer} refused: access_denied`);
  });
});

describe('a Hive whose people sign in at the provider alone', () => {
  it('takes no password', async () => {
    const alone = await startTestServer({ ...settings, localLogin: 'off' });
    try {
      const post = (url: string, body: object) => alone.ask('POST', url, body);
      const account = { email: 'ada@example.org', password: 'correct horse battery' };
      expect((await post('/api/auth/sign-in', account)).body.error.message).toContain('people sign in at 127.0.0.1');
      expect((await post('/api/auth/first-admin', { ...account, code: 'x' })).status).toBe(403);
      const { body } = await alone.ask<Me>('GET', '/api/me');
      expect(body.signIn).toMatchObject({ password: false, oidc: { name: new URL(provider.issuer).host } });
    } finally {
      await alone.end();
    }
  });
});

itSlow('a provider that is away holds nobody for long, and is asked again', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const waiting = await startTestServer({ ...settings, oidcIssuer: issuer });
  try {
    const beganMs = performance.now();
    const { status, body } = await waiting.ask('POST', '/api/auth/oidc/begin', { page: ORIGIN });
    expect([status, body.error.code]).toEqual([502, 'provider_unreachable']);
    expect(body.error.message).toContain(`${issuer} does not answer`);
    expect(performance.now() - beganMs).toBeLessThan(8_000);
    expect((await waiting.ask('GET', '/api/health')).status).toBe(200);
  } finally {
    await waiting.end();
    silent.close();
  }
});
