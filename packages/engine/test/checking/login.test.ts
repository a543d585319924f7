import type { ServerResponse } from 'node:http';
import { toTarget, type TargetInput } from '@hive/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { atPath } from '../../src/http1/at-path.js';
import { csvRows } from '../../src/checking/csv-rows.js';
import { logIn, type User } from '../../src/checking/login.js';
import { createTokens, readTokens, writeToken } from '../../src/http1/tokens.js';
import { startAnswering, type Answering } from '../load/answering.js';

let service: Answering | undefined;
afterEach(() => service?.close());

async function grantedBy(
  answer: Parameters<typeof startAnswering>[0],
  auth: NonNullable<TargetInput['auth']>,
  user: User = {},
) {
  await service?.close();
  service = await startAnswering(answer);
  const target = toTarget({ url: `${service.url}/base`, auth }, 'shop');
  const { auth: whole } = target;
  const how = { allowTargets: [], environment: { KEY: 'k 1' }, identity: {}, signal: new AbortController().signal };
  const granted = await logIn({ ...how, target: { ...target, auth: whole! } }, user);
  return {
    granted,
    seen: service.seen.map(({ method, url, body, headers }) => ({ method, url, body: String(body), headers })),
  };
}

describe('logging in', () => {
  it('sends a form and takes the token out of JSON', async () => {
    const { granted, seen } = await grantedBy(
      (response) => response.end('{"data":[{"jwt":"abc"}],"expires_in":"30"}'),
      { request: { path: '/t?x=1', form: { a: '${KEY}', b: '{user}' } }, token: { json: '$.data[0].jwt' } },
      { user: 'Ann & Bob' },
    );
    expect(granted).toEqual({ value: 'Bearer abc', seconds: 30 });
    expect(seen).toMatchObject([{ method: 'POST', url: '/base/t?x=1', body: 'a=k+1&b=Ann+%26+Bob' }]);
    expect(seen[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('sends JSON and takes the token out of a header', async () => {
    const { granted, seen } = await grantedBy((response) => response.setHeader('X-Token', 'abc').end(), {
      request: { method: 'PUT', path: '/t', json: { user: { name: '${KEY}' }, n: 1 } },
      token: { header: 'x-token' },
      send: 'X-Auth: {token}',
    });
    expect(granted).toEqual({ value: 'abc', seconds: null });
    expect(seen).toMatchObject([{ method: 'PUT', body: '{"user":{"name":"k 1"},"n":1}' }]);
  });

  it('takes cookies', async () => {
    const cookies = ['sid=a1; Path=/; Expires=Wed, 01 Jan 2031 00:00:00 GMT', 'csrf=b2; HttpOnly'];
    const { granted } = await grantedBy((response) => response.setHeader('set-cookie', cookies).end(), {
      request: { path: '/t' },
      token: { cookie: true },
    });
    expect(granted.value).toBe('sid=a1; csrf=b2');
  });

  it('takes the cookie of an answer that sends on, and no redirect without one', async () => {
    const auth = { request: { path: '/t' }, token: { cookie: true as const } };
    const sent = (response: ServerResponse): ServerResponse => response.writeHead(302, { location: '/home' });
    const { granted } = await grantedBy((response) => sent(response.setHeader('set-cookie', 'sid=a1')).end(), auth);
    expect(granted.value).toBe('sid=a1');
    await expect(grantedBy((response) => sent(response).end(), auth)).rejects.toThrow(/it answers 302/);
  });

  it('takes the whole answer where it is text', async () => {
    const auth = { request: { path: '/t' }, token: { text: true as const } };
    const answering = (type: string, body: string) => (response: ServerResponse) =>
      response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(body);
    for (const type of ['text/plain; charset=utf-8', 'application/jwt', '']) {
      const { granted } = await grantedBy(answering(type, '\n abc.def \r\n'), auth);
      expect(granted).toEqual({ value: 'Bearer abc.def', seconds: null });
    }
    const refused = async (type: string, body: string, words: RegExp): Promise<void> =>
      expect(grantedBy(answering(type, body), auth)).rejects.toThrow(words);
    await refused('text/html', '<p>Sign in</p>', /no token as its text: it is text\/html/);
    await refused('text/plain', ' \n', /no token as its text: it is empty/);
    await refused('text/plain', 'a\nX: b', /no text that fits into a header/);
  });

  it('takes no token that would break a header', async () => {
    const auth = { request: { path: '/t' } };
    await expect(grantedBy((response) => response.end('{"access_token":"a\\r\\nX: b"}'), auth)).rejects.toThrow(
      /no text that fits into a header/,
    );
  });
});

describe('parts of a login', () => {
  it('finds values by path', () => {
    const value = { a: { 'b-c': [{ d: 1 }] }, length: 2 };
    expect([atPath(value, '$.a.b-c[0].d'), atPath(value, "$['a']['b-c']"), atPath(value, 'length')]).toEqual([
      1,
      [{ d: 1 }],
      2,
    ]);
    expect([atPath(value, '$.a.x.y'), atPath(null, '$.a'), atPath(value, '$.a.constructor')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('reads CSV', () => {
    expect(csvRows('\uFEFFa,b\r\n1,"x, ""y"""\r\n\r\n2,\n')).toEqual([
      ['a', 'b'],
      ['1', 'x, "y"'],
      ['2', ''],
    ]);
  });

  it('gives a thread the newest token of the user whose turn it is', () => {
    const shared = createTokens('authorization', 2);
    const draws = [0, 0.9, 0.1, 0.5];
    const lines = readTokens(shared, () => draws.shift() ?? 0);
    writeToken(shared, 0, 'Bearer one');
    writeToken(shared, 1, 'Bearer two');
    expect([lines.next(), lines.next()]).toEqual(['authorization: Bearer one\r\n', 'authorization: Bearer two\r\n']);
    writeToken(shared, 0, 'Bearer newer');
    expect([lines.next(), lines.next()]).toEqual(['authorization: Bearer newer\r\n', 'authorization: Bearer two\r\n']);
  });
});
