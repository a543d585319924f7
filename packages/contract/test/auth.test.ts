import { describe, expect, it } from 'vitest';
import { refreshOf, sentAs, targetInputSchema, toTarget, type TargetInput } from '../src/index.js';

const problems = (auth: unknown) => {
  const { error } = targetInputSchema.safeParse({ url: 'http://127.0.0.1', auth });
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
};
const request = { path: '/t' };

describe('auth of a target', () => {
  it('has defaults', () => {
    const auth: TargetInput['auth'] = { request };
    expect(toTarget({ url: 'http://127.0.0.1', auth }, 'shop').auth).toEqual({
      request: { method: 'POST', path: '/t', headers: {} },
      token: { json: '$.access_token' },
      refresh: '80%',
    });
  });

  it.each([
    ['form', { client_secret: 'abc' }],
    ['form', { password: 'abc' }],
    ['json', { user: { apiKey: 'abc' } }],
    ['headers', { Authorization: 'Basic abc' }],
  ])('holds no secret in its %s', (where, value) => {
    expect(problems({ request: { ...request, [where]: value } }).join()).toMatch(/may not stand in a target/);
  });

  it('takes references, columns of users, and what is not secret', () => {
    const form = { grant_type: 'password', token_type: 'jwt', password: '${HIVE_SECRET_PW}' };
    expect(problems({ request: { ...request, form } })).toEqual([]);
    expect(problems({ request: { ...request, form: { password: '{pw}' } }, users: 'users.csv' })).toEqual([]);
    expect(problems({ request: { ...request, form: { password: '{pw}' } } })).toHaveLength(1);
  });

  it.each([
    [{ request: {} }, /path/],
    [{ request: { path: '/t', url: 'http://127.0.0.1/t' } }, /either path/],
    [{ request: { path: '/t', form: {}, body: 'x' } }, /stands beside form/],
    [{ request, send: 'authorization: Bearer' }, /no \{token\}/],
    [{ request, refresh: 'soon' }, /80%/],
    [{ request, token: { json: '$..a' } }, /token/],
    [{ request, token: { text: false } }, /\{ text: true \}/],
    [{ request: { url: 'http://a:b@127.0.0.1/t' } }, /may not hold a password/],
  ])('is refused: %j', (auth, words) => {
    expect(problems(auth).join()).toMatch(words);
  });

  it('says how the token is sent, and when it is replaced', () => {
    expect(sentAs({ token: { json: '$.a' } })).toEqual({ name: 'authorization', value: 'Bearer {token}' });
    expect(sentAs({ token: { cookie: true } })).toEqual({ name: 'cookie', value: '{token}' });
    expect(sentAs({ token: { cookie: true }, send: 'X-Key: k {token}' })).toEqual({
      name: 'x-key',
      value: 'k {token}',
    });
    expect([refreshOf('80%'), refreshOf('5m'), refreshOf('0%'), refreshOf('x')]).toEqual([
      { share: 0.8 },
      { ms: 300_000 },
      null,
      null,
    ]);
  });
});
