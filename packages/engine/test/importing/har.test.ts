import { HiveError, targetInputSchema } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHar } from '../../src/importing/har/har.js';
import { fillIn } from '../../src/safety/secrets.js';
import { mutated } from './mutated.js';

const ORIGIN = 'https://shop.example';

interface Given {
  method?: string;
  url?: string;
  status?: number;
  headers?: Record<string, string>;
  postData?: object;
}

const entry = ({ method = 'GET', url = `${ORIGIN}/`, status = 200, headers = {}, postData }: Given): object => ({
  startedDateTime: '2025-10-10T13:55:36.000Z',
  request: {
    method,
    url,
    httpVersion: 'h2',
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    queryString: [],
    cookies: [{ name: 'session', value: 's3cret' }],
    ...(postData ? { postData } : {}),
  },
  response: { status, headers: [], content: {} },
});
const har = (...entries: object[]): object => ({ log: { version: '1.2', creator: { name: 'test' }, entries } });

const RECORDING = har(
  entry({
    headers: {
      ':authority': 'shop.example',
      Accept: 'text/html',
      Cookie: 'session=s3cret',
      Authorization: 'Bearer s3cret',
    },
  }),
  entry({ url: `${ORIGIN}/app.js?v=1` }),
  entry({ url: `${ORIGIN}/api/cart?token=s3cret`, headers: { accept: 'application/json', 'x-api-key': 's3cret' } }),
  entry({ url: `${ORIGIN}/api/cart?token=s3cret` }),
  entry({ url: 'https://cdn.example/a.png' }),
  entry({ url: 'https://cdn.example/b.png' }),
  entry({ url: 'data:image/png;base64,AAAA' }),
  entry({ url: `${ORIGIN}/missing`, status: 404 }),
  entry({ url: `${ORIGIN}/blocked`, status: 0 }),
  entry({
    method: 'POST',
    url: `${ORIGIN}/api/orders`,
    status: 201,
    headers: { 'Content-Type': 'application/json' },
    postData: { mimeType: 'application/json', text: '{"sku":"A1","template":"${x}"}' },
  }),
  entry({
    method: 'POST',
    url: `${ORIGIN}/login`,
    postData: {
      mimeType: 'application/x-www-form-urlencoded',
      params: [
        { name: 'user', value: 'ann & bob' },
        { name: 'password', value: 'pw' },
      ],
    },
  }),
);

describe('a HAR', () => {
  it('becomes the requests of its main origin, with weights and the bodies of what writes', () => {
    const { target, summary } = fromHar(JSON.stringify(RECORDING));
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    expect(target.url).toBe(ORIGIN);
    expect(target.requests).toEqual([
      {
        name: 'get-api-cart',
        method: 'GET',
        path: '/api/cart?token=${TOKEN:-}',
        headers: { accept: 'application/json' },
        weight: 2,
      },
      { name: 'get', method: 'GET', path: '/', headers: { accept: 'text/html' }, weight: 1 },
      { name: 'get-app.js', method: 'GET', path: '/app.js?v=1', weight: 1 },
      {
        name: 'post-api-orders',
        method: 'POST',
        path: '/api/orders',
        headers: { 'content-type': 'application/json' },
        body: '{"sku":"A1","template":"$${x}"}',
        weight: 1,
      },
      {
        name: 'post-login',
        method: 'POST',
        path: '/login',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'user=ann+%26+bob&password=pw',
        weight: 1,
      },
    ]);
    expect(fillIn(target.requests?.[3]?.body ?? '', {})).toBe('{"sku":"A1","template":"${x}"}');
    expect(summary).toMatch(/5 requests from 10 recorded/);
  });

  it('says what stayed behind, and keeps no secret', () => {
    const imported = fromHar(JSON.stringify(RECORDING));
    expect(JSON.stringify(imported)).not.toContain('s3cret');
    const said = imported.notes.join('\n');
    expect(said).toMatch(/Left out: 2 requests to other origins \(2 × https:\/\/cdn\.example\)/);
    expect(said).toMatch(/Left out: 2 requests with a status outside .*1 × 404, 1 × 0/);
    expect(said).toMatch(/Left out: 1 entry without/);
    expect(said).toMatch(/accept and content-type were copied, not authorization, cookie, x-api-key\./);
    expect(said).toMatch(/is on: 2 writing requests, with bodies as recorded/);
    expect(said).toMatch(/post-login may contain secrets/);
    expect(imported.comments['post-login']).toMatch(/password/);
  });

  it('goes where it is told, and takes another origin when that is named', () => {
    const text = JSON.stringify(RECORDING);
    expect(fromHar(text, { serverUrl: 'http://127.0.0.1:1' }).target).toMatchObject({
      url: 'http://127.0.0.1:1',
      requests: { length: 5 },
    });
    const cdn = fromHar(text, { serverUrl: 'https://cdn.example' }).target;
    expect(cdn.requests?.map(({ path }) => path)).toEqual(['/a.png', '/b.png']);
  });

  it('keeps up to 200 paths exactly, and groups more by their ids', () => {
    const items = (count: number): object[] =>
      Array.from({ length: count }, (_, i) => entry({ url: `${ORIGIN}/items/${i + 1}` }));
    const write = entry({ method: 'DELETE', url: `${ORIGIN}/items/7` });
    expect(fromHar(JSON.stringify(har(...items(199), write))).target.requests).toHaveLength(200);
    const { target, notes } = fromHar(JSON.stringify(har(...items(300), write)));
    expect(target.requests).toEqual([
      {
        name: 'get-items-key',
        method: 'GET',
        path: '/items/{key}',
        weight: 300,
        keys: { count: 300, distribution: 'uniform' },
      },
      { name: 'delete-items-7', method: 'DELETE', path: '/items/7', weight: 1 },
    ]);
    expect(notes.join('\n')).toMatch(/301 different requests are more than a target may have/);
    const exact = fromHar(JSON.stringify(har(...items(300), write)), { exactIds: true, most: 20 });
    expect(exact.target.requests).toHaveLength(20);
    expect(exact.notes.join('\n')).toMatch(/Left out: 281 less frequent requests/);
  });

  it.each([
    ['', /not valid JSON/],
    ['[]', /no log\.entries/],
    ['{"log":{}}', /no log\.entries/],
    ['{"log":{"entries":[]}}', /no HTTP requests/],
    ['{"log":{"entries":[1,null,{"request":{}},{"request":{"method":"GET","url":"blob:x"}}]}}', /no HTTP requests/],
    [JSON.stringify(har(entry({ status: 500 }))), /none of the 1 request/],
  ])('that cannot be used is refused: %j', (text, words) => {
    expect(() => fromHar(text)).toThrow(HiveError);
    expect(() => fromHar(text)).toThrow(words);
  });

  it('is a HiveError or a correct target when mutated, and goes nowhere else', () => {
    fc.assert(
      fc.property(mutated(RECORDING), (value) => {
        try {
          const { target } = fromHar(JSON.stringify(value), { serverUrl: 'http://127.0.0.1:1' });
          expect(targetInputSchema.safeParse(target).success).toBe(true);
          expect(target.url).toBe('http://127.0.0.1:1');
          for (const { path } of target.requests ?? []) expect(path).toMatch(/^\/[\x21-\x7e]*$/);
        } catch (error) {
          expect(error).toBeInstanceOf(HiveError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
