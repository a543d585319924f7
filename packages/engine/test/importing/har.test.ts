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
        body: 'user=ann+%26+bob&password=${PASSWORD:-}',
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
    expect(said).toMatch(/Secrets were left out of the bodies of post-login/);
    expect(imported.comments['post-login']).toBe('not as recorded, set: PASSWORD');
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

describe('a recording as others write it', () => {
  const of = (...entries: object[]) => fromHar(JSON.stringify(har(...entries)));
  const post = (postData: object, contentType?: string): object =>
    entry({
      method: 'POST',
      url: `${ORIGIN}/up`,
      postData,
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    });

  it('without answers, or with a status as text, is taken, and this is said', () => {
    const { response: _, ...unanswered } = entry({ url: `${ORIGIN}/a` }) as { response: object };
    const { target, notes } = of(unanswered, { ...entry({ url: `${ORIGIN}/b` }), response: { status: '200 OK' } });
    expect(target.requests?.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(notes.join('\n')).toContain('Taken without a known status: 1 request');
  });

  it.each<[string, object, RegExp]>([
    ['cache', { ...entry({}), _fromCache: 'disk' }, /1 request answered from the browser's cache/],
    ['service worker', { ...entry({}), _fromServiceWorker: true }, /1 request answered by a service worker/],
    [
      'preflight',
      entry({ method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }),
      /1 request that browsers send before others .*preflight/,
    ],
  ])('has what never reached the service left out, and told: %s', (_, unreal, said) => {
    const { target, notes } = of(entry({ url: `${ORIGIN}/real` }), unreal);
    expect(target.requests?.map(({ path }) => path)).toEqual(['/real']);
    expect(notes.join('\n')).toMatch(said);
  });

  it('has fields and files of a form as parts', () => {
    const params = [
      { name: 'title', value: 'tea' },
      { name: 'photo', fileName: 'a.png', contentType: 'image/png' },
    ];
    const { target, notes } = of(post({ mimeType: 'multipart/form-data', params }));
    const { headers, body } = target.requests![0]!;
    const boundary = /boundary=(\S+)/.exec(String(headers?.['content-type']))?.[1];
    const parts = body!.split(`--${boundary}`);
    expect(parts).toHaveLength(4);
    expect(parts[1]).toContain('name="title"\r\n\r\ntea');
    expect(parts[2]).toContain('name="photo"; filename="a.png"\r\ncontent-type: image/png');
    expect(notes.join('\n')).toContain('lacks the content of a.png');
  });

  it('whose body the recording lacks is told', () => {
    const sent = entry({ method: 'POST', url: `${ORIGIN}/upload`, headers: { 'content-length': '70000' } });
    const { notes } = fromHar(JSON.stringify(har(sent, entry({ method: 'POST', url: `${ORIGIN}/empty` }))));
    expect(notes).toContain('The recording lacks the body of 1 request, the first to /upload: sent without one');
  });

  const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 128, 10]);
  it.each([
    ['in base64', { mimeType: 'image/png', text: PNG.toString('base64'), encoding: 'base64' }],
    ['a character each', { mimeType: 'image/png', text: PNG.toString('latin1') }],
  ])('has the same bytes that were sent: %s', (_, postData) => {
    const { target } = of(post(postData, 'image/png'));
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    const { bodyBase64, headers } = target.requests![0]!;
    expect(Buffer.from(bodyBase64!, 'base64').equals(PNG)).toBe(true);
    expect(headers).toEqual({ 'content-type': 'image/png' });
  });

  it('has no secret in a form with files', () => {
    const form = Buffer.concat([
      Buffer.from('--x\r\ncontent-disposition: form-data; name="password"\r\n\r\ns3cret\r\n'),
      Buffer.from('--x\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\n'),
      PNG,
      Buffer.from('\r\n--x--\r\n'),
    ]);
    const { target, notes } = of(
      entry({}),
      post({ text: form.toString('base64'), encoding: 'base64' }, 'multipart/form-data; boundary=x'),
    );
    expect(target.requests).toHaveLength(1);
    expect(notes.join('\n')).toContain('1 request whose body is bytes with a secret among them');
  });

  it('has its query where it stands beside the address only', () => {
    const one = entry({ url: `${ORIGIN}/find` }) as { request: { queryString: object[] } };
    one.request.queryString = [{ name: 'q', value: 'green tea' }];
    expect(of(one).target.requests?.[0]?.path).toBe('/find?q=green%20tea');
  });

  it('that breaks off gives what came before', () => {
    const text = JSON.stringify(har(entry({ url: `${ORIGIN}/a` }), entry({ url: `${ORIGIN}/b` })));
    const { target, notes } = fromHar(text.slice(0, -60));
    expect(target.requests?.map(({ path }) => path)).toEqual(['/a']);
    expect(notes).toContain('The file breaks off: the requests before its end were read');
  });
});
