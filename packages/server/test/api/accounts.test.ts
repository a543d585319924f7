import type { Me, User, UserSession } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasswords } from '../../src/identity/passwords.js';
import { startTestServer, type Reply, type TestServer } from '../test-server.js';

const PASSWORD = 'correct horse battery';
const ORIGIN = 'http://localhost:3000';
let server: TestServer;
let code: string | null;

interface Asked {
  cookie?: string;
  origin?: string | null;
  body?: object;
  remoteAddress?: string;
  headers?: Record<string, string>;
}
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A request as a page of the dashboard sends it. */
async function ask<Body = { error: { code: string; message: string } }>(
  method: Method,
  url: string,
  { cookie, origin = ORIGIN, body, remoteAddress = '127.0.0.1', headers }: Asked = {},
): Promise<Reply<Body> & { set: string }> {
  const answer = await server.app.inject({
    method,
    url,
    remoteAddress,
    headers: { ...(cookie && { cookie }), ...(origin !== null && { origin }), ...headers },
    ...(body && { payload: body }),
  });
  const set = answer.headers['set-cookie'];
  return { status: answer.statusCode, body: answer.json(), set: typeof set === 'string' ? set : '' };
}

async function signIn(email: string, password = PASSWORD, remoteAddress = '127.0.0.1') {
  const answer = await ask<Me>('POST', '/api/auth/sign-in', { body: { email, password }, remoteAddress });
  return { ...answer, cookie: answer.set.split(';', 1)[0] ?? '' };
}

beforeAll(async () => {
  server = await startTestServer(
    { firstAdmin: 'link', host: '0.0.0.0' },
    { passwords: createPasswords({ N: 1_024, r: 8, p: 1 }) },
  );
  code = server.firstAdminCode;
});
afterAll(() => server.end());

describe('a Hive that waits for its first admin', () => {
  it('refuses everything but the link, and says so', async () => {
    expect((await ask('GET', '/api/targets')).status).toBe(401);
    const { body } = await ask<Me>('GET', '/api/me');
    expect(body).toMatchObject({ mode: 'users', id: null, permissions: [], needsFirstAdmin: true });
    const wrong = { code: 'wrong', email: 'eve@example.org', password: PASSWORD };
    expect(await ask('POST', '/api/auth/first-admin', { body: wrong })).toMatchObject({ status: 401, set: '' });
  });

  it('gives the link to one of two who use it at once, who is signed in', async () => {
    const made = await Promise.all(
      ['ada', 'bob'].map((name) =>
        ask<Me>('POST', '/api/auth/first-admin', {
          body: { code, email: `${name}@Example.org`, password: PASSWORD },
        }),
      ),
    );
    expect(made.map(({ status }) => status).toSorted()).toEqual([201, 401]);
    const { set, body } = made.find(({ status }) => status === 201) ?? { set: '', body: null };
    expect(set).toMatch(/^hive_session=[\w-]+\.[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
    expect(body).toMatchObject({ role: 'admin', needsFirstAdmin: false });
    const cookie = set.split(';', 1)[0] ?? '';
    const { users } = (await ask<{ users: User[] }>('GET', '/api/users', { cookie })).body;
    expect(users).toHaveLength(1);
    // From here on the tests know the admin by one name.
    await ask('PUT', `/api/users/${users[0]?.id}`, { cookie, body: { email: 'ada@example.org', role: 'admin' } });
  });
});

describe('someone who signs in', () => {
  it('is known by the cookie, which reads; what changes something needs the origin of a page', async () => {
    const { cookie, status, body } = await signIn(' ADA@example.org ');
    expect([status, body]).toMatchObject([200, { email: 'ada@example.org', role: 'admin', mode: 'users' }]);
    expect((await ask('GET', '/api/targets', { cookie, origin: null })).status).toBe(200);
    const mark = { body: { text: 'release' }, cookie };
    expect((await ask('POST', '/api/marks', mark)).status).toBe(201);
    for (const origin of [null, 'https://evil.example'])
      expect(await ask('POST', '/api/marks', { ...mark, origin })).toMatchObject({
        status: 403,
        body: { error: { code: 'forbidden_origin' } },
      });
    // A form sends anything but JSON without asking first.
    const form = { cookie, body: Buffer.from('text=x') as object, headers: { 'content-type': 'text/plain' } };
    expect((await ask('POST', '/api/marks', form)).status).toBe(400);
    expect((await ask<Me>('GET', '/api/me', { cookie })).set).toContain('Max-Age=604800');
  });

  it('is told the same of a wrong password and of an account that there is not', async () => {
    const answers = [await signIn('ada@example.org', 'wrong', '10.1.0.1'), await signIn('no@one', 'wrong', '10.1.0.1')];
    for (const answer of answers) expect(answer).toMatchObject({ status: 401, set: '' });
    expect(answers[0]?.body).toEqual(answers[1]?.body);
  });

  it('has five attempts a minute for an account from a network, also all at once', async () => {
    const attempts = Array.from({ length: 8 }, () => signIn('ada@example.org', 'wrong', '10.2.0.1'));
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(3);
    expect((await signIn('ada@example.org', PASSWORD, '10.2.0.1')).status).toBe(429);
    // Neither another account nor another network is kept out.
    expect((await signIn('bea@example.org', 'wrong', '10.2.0.1')).status).toBe(401);
    expect((await signIn('ada@example.org', PASSWORD, '10.2.0.2')).status).toBe(200);
  });

  it('sees their sessions, ends one, and signs out', async () => {
    const [one, other] = [await signIn('ada@example.org'), await signIn('ada@example.org')];
    const list = async (cookie: string) =>
      (await ask<{ sessions: UserSession[] }>('GET', '/api/auth/sessions', { cookie })).body.sessions;
    const sessions = await list(one.cookie);
    const current = sessions.filter((session) => session.current);
    expect(current.map(({ id }) => id)).toEqual([one.cookie.slice('hive_session='.length).split('.')[0]]);
    const id = other.cookie.slice('hive_session='.length).split('.')[0];
    expect((await ask('DELETE', `/api/auth/sessions/${id}`, { cookie: one.cookie })).status).toBe(200);
    expect((await ask('GET', '/api/targets', { cookie: other.cookie })).status).toBe(401);
    const out = await ask('POST', '/api/auth/sign-out', { cookie: one.cookie });
    expect(out.set).toContain('hive_session=; Path=/; Max-Age=0');
    expect((await ask('GET', '/api/auth/sessions', { cookie: one.cookie })).status).toBe(401);
  });
});

describe('people', () => {
  const add = (cookie: string, body: object) => ask<User>('POST', '/api/users', { cookie, body });

  it('are added with a role, and lose what they could at once', async () => {
    const { cookie } = await signIn('ada@example.org');
    const vera = { email: 'Vera@example.org', name: 'Vera', role: 'viewer', password: PASSWORD };
    const { status, body: user } = await add(cookie, vera);
    expect([status, user]).toMatchObject([
      201,
      { email: 'vera@example.org', role: 'viewer', signsInWith: ['password'] },
    ]);
    expect(JSON.stringify(user)).not.toContain('scrypt');
    const hers = (await signIn('vera@example.org')).cookie;
    expect((await ask('GET', '/api/targets', { cookie: hers })).status).toBe(200);
    const refused = await ask('POST', '/api/marks', { cookie: hers, body: { text: 'x' } });
    expect(refused).toMatchObject({ status: 403, body: { error: { message: expect.stringContaining('Vera') } } });
    expect((await ask('GET', '/api/users', { cookie: hers })).status).toBe(403);

    const path = `/api/users/${user.id}`;
    const raised = { email: 'vera@example.org', name: 'Vera', role: 'operator' };
    expect((await ask('PUT', path, { cookie, body: raised })).status).toBe(200);
    expect((await ask('POST', '/api/marks', { cookie: hers, body: { text: 'x' } })).status).toBe(201);
    await ask('PUT', path, { cookie, body: { ...raised, password: `${PASSWORD} new` } });
    expect((await ask('GET', '/api/targets', { cookie: hers })).status).toBe(401);
    const again = (await signIn('vera@example.org', `${PASSWORD} new`)).cookie;
    expect((await ask('DELETE', path, { cookie })).status).toBe(200);
    expect((await ask('GET', '/api/targets', { cookie: again })).status).toBe(401);
  });

  it('change their own password, which signs them out elsewhere', async () => {
    const { cookie } = await signIn('ada@example.org');
    await add(cookie, { email: 'paul@example.org', role: 'viewer', password: PASSWORD });
    const [here, there] = [await signIn('paul@example.org'), await signIn('paul@example.org')];
    const change = (body: object) => ask('POST', '/api/auth/password', { cookie: here.cookie, body });
    expect((await change({ current: 'wrong', next: 'another password' })).status).toBe(403);
    expect((await change({ current: PASSWORD, next: 'short' })).status).toBe(400);
    expect(await change({ current: PASSWORD, next: 'another password' })).toMatchObject({ body: { ended: 1 } });
    expect((await ask('GET', '/api/targets', { cookie: here.cookie })).status).toBe(200);
    expect((await ask('GET', '/api/targets', { cookie: there.cookie })).status).toBe(401);
  });

  it.each([
    [{ email: 'ada@example.org', role: 'viewer' }, 409, 'has an account already'],
    [{ email: 'x@example.org', role: 'king' }, 400, 'role'],
    [{ email: 'nobody', role: 'viewer' }, 400, 'email'],
    [{ email: 'x@example.org', role: 'viewer', password: 'short' }, 400, 'password'],
    [{ email: 'x@example.org', role: 'admin', targets: { team: 'shop' } }, 400, 'targets'],
  ])('are refused as %j', async (body, status, message) => {
    const { cookie } = await signIn('ada@example.org');
    const answer = await ask('POST', '/api/users', { cookie, body });
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(message)]);
  });

  it('are never without an admin', async () => {
    const { cookie, body } = await signIn('ada@example.org');
    const path = `/api/users/${body.id}`;
    const last = { status: 409, body: { error: { message: expect.stringContaining('last admin') } } };
    expect(await ask('DELETE', path, { cookie })).toMatchObject(last);
    expect(await ask('PUT', path, { cookie, body: { email: 'ada@example.org', role: 'viewer' } })).toMatchObject(last);
  });
});

describe('a password', () => {
  it('takes as long for an account that there is not, within 10 %', async () => {
    const passwords = createPasswords({ N: 2 ** 12, r: 8, p: 1 });
    const hash = await passwords.hash(PASSWORD);
    // Time of the processor: a machine that has more to do makes both longer, but not equally.
    const spent = { known: 0, unknown: 0 };
    for (let turn = 0; turn < 50; turn += 1) {
      for (const [name, stored] of [
        ['known', hash],
        ['unknown', null],
      ] as const) {
        const before = process.cpuUsage();
        expect(await passwords.matches('wrong', stored)).toBe(false);
        const { user, system } = process.cpuUsage(before);
        spent[name] += user + system;
      }
    }
    expect(Math.abs(spent.known / spent.unknown - 1)).toBeLessThan(0.1);
  });
});
