import { targetInputSchema } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { fromPostman } from '../../src/importing/postman/postman.js';
import { writeTargetFile } from '../../src/importing/target-file/write-target-file.js';
import { IN_BODIES, IN_PATHS } from './planted.js';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const collection = (item: object[], more: object = {}): string =>
  JSON.stringify({ info: { name: 'c', schema: SCHEMA }, item, ...more });
const at = (url: unknown, more: object = {}): object => ({ name: 'a', request: { method: 'GET', url, ...more } });
const post = (body: object, more: object = {}): object => at('http://a/b', { method: 'POST', body, ...more });
const first = (text: string, options: { serverUrl?: string } = {}) => fromPostman(text, options).target.requests?.[0];

describe('a Postman collection', () => {
  it('becomes one request for each of its requests, with the variables and authentication of its folders', () => {
    const { target, secrets, summary, notes } = fromPostman(
      collection(
        [
          {
            name: 'users',
            auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{userToken}}' }] },
            item: [
              at({
                raw: '{{baseUrl}}/users/:id?page={{page}}&off=1',
                variable: [{ key: 'id', value: '7 8' }],
                query: [
                  { key: 'page', value: '{{page}}' },
                  { key: 'off', value: '1', disabled: true },
                  { key: 'q', value: 'a b' },
                ],
              }),
              {
                name: 'open',
                request: {
                  method: 'DELETE',
                  url: '{{baseUrl}}/users/{{id}}',
                  auth: { type: 'noauth' },
                  header: [{ key: 'X-A', value: '{{$guid}}' }],
                },
              },
            ],
          },
          { name: 'plain', request: 'http://a.example/plain', event: [{ listen: 'test' }] },
          { name: 'trace', request: { method: 'TRACE', url: '{{baseUrl}}/' } },
          at('{{other}}/x'),
        ],
        {
          variable: [
            { key: 'baseUrl', value: 'http://a.example/v1' },
            { key: 'page', value: 2 },
          ],
        },
      ),
    );
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    expect(target).toMatchObject({
      url: 'http://a.example',
      requests: [
        { name: 'a', path: '/v1/users/7%208?page=2&q=a%20b', headers: { authorization: 'Bearer ${USER_TOKEN}' } },
        {
          name: 'open',
          method: 'DELETE',
          path: '/v1/users/${ID}',
          headers: { 'x-a': expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
        },
        { name: 'plain', method: 'GET', path: '/plain' },
      ],
    });
    expect(target.requests?.[1]?.headers).not.toHaveProperty('authorization');
    expect(secrets.map(({ name }) => name)).toEqual(['USER_TOKEN', 'ID']);
    expect(summary).toBe('3 requests from 5 requests of the collection');
    expect(notes.filter((note) => note.startsWith('Left out: '))).toEqual([
      expect.stringMatching(/a: its host is the variable other, which has no value: give --url/),
      'Left out: trace: TRACE cannot be sent',
    ]);
    expect(notes.join()).toMatch(/Scripts of the collection are not run/);
  });

  it('goes to --url, whatever its hosts are', () => {
    const text = collection([at('{{host}}/x'), at('https://b.example/y')]);
    expect(fromPostman(text, { serverUrl: 'http://127.0.0.1:1' }).target).toMatchObject({
      url: 'http://127.0.0.1:1',
      requests: [{ path: '/x' }, { path: '/y' }],
    });
  });

  it.each([
    [{ mode: 'raw', raw: '{"a":1}' }, '{"a":1}', 'application/json'],
    [{ mode: 'raw', raw: '<a/>', options: { raw: { language: 'xml' } } }, '<a/>', 'application/xml'],
    [
      {
        mode: 'urlencoded',
        urlencoded: [
          { key: 'a', value: 'b c' },
          { key: 'no', value: '', disabled: true },
        ],
      },
      'a=b%20c',
      'application/x-www-form-urlencoded',
    ],
    [
      { mode: 'graphql', graphql: { query: '{ a }', variables: '{"b":1}' } },
      '{"query":"{ a }","variables":{"b":1}}',
      'application/json',
    ],
    [{ mode: 'file', file: { src: '/tmp/p.bin' } }, 'hive', 'application/octet-stream'],
  ])('has bodies of all modes: %j', (body, wanted, type) => {
    expect(first(collection([post(body)]))).toMatchObject({ body: wanted, headers: { 'content-type': type } });
  });

  it('has form data with files, and says whose content it lacks', () => {
    const body = {
      mode: 'formdata',
      formdata: [
        { key: 'a', value: '1', type: 'text' },
        { key: 'f', type: 'file', src: ['/x/p.png'], contentType: 'image/png' },
      ],
    };
    const { target, notes } = fromPostman(collection([post(body)]));
    expect(target.requests?.[0]?.body).toContain(
      'name="f"; filename="p.png"\r\ncontent-type: image/png\r\n\r\nhive\r\n',
    );
    expect(target.requests?.[0]?.headers?.['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(notes.join()).toMatch(/lacks the content of p\.png/);
  });

  it('of version 2.0 is read too', () => {
    const auth = { type: 'apikey', apikey: { key: 'k', value: 'planted', in: 'query' } };
    const text = collection([{ name: 'a', request: { method: 'GET', url: 'http://a/x', header: 'X-A: 1\nX-B: 2' } }], {
      auth,
    });
    expect(first(text)).toMatchObject({ path: '/x?k=${API_KEY}', headers: { 'x-a': '1', 'x-b': '2' } });
  });

  it('keeps no secret', () => {
    const secret = { key: 'apiKey', value: 'planted-v1' };
    const items = [
      ...IN_PATHS.map(([, path]) => at(`http://a${path}`)),
      ...IN_PATHS.map(([, path]) =>
        at({
          raw: 'http://a/q',
          query: [...new URL(path, 'http://a').searchParams].map(([key, value]) => ({ key, value })),
        }),
      ),
      ...IN_BODIES.map(([, type, raw]) =>
        post({ mode: 'raw', raw }, { header: [{ key: 'Content-Type', value: type }] }),
      ),
      at('http://a/v?x={{apiKey}}&y={{hidden}}', {
        header: [
          { key: 'Authorization', value: 'Bearer planted-h1' },
          { key: 'Cookie', value: 'sid=planted-h2' },
        ],
      }),
      at('http://a/w', {
        auth: {
          type: 'basic',
          basic: [
            { key: 'username', value: 'planted-u' },
            { key: 'password', value: 'planted-p' },
          ],
        },
      }),
      post({ mode: 'urlencoded', urlencoded: [{ key: 'password', value: 'planted-f' }] }),
      post({ mode: 'formdata', formdata: [{ key: 'api_key', value: 'planted-m', type: 'text' }] }),
      post({ mode: 'graphql', graphql: { query: '{ a }', variables: '{"secretKey":"planted-g"}' } }),
    ];
    const variable = [secret, { key: 'hidden', value: 'planted-v2', type: 'secret' }];
    const imported = fromPostman(collection(items, { variable }));
    const file = writeTargetFile(imported, { source: 'a.json' });
    for (const one of [...IN_PATHS, ...IN_BODIES].map(([planted]) => planted)) expect(file).not.toContain(one);
    expect(file).not.toContain('planted');
    expect(imported.target.requests).toHaveLength(items.length);
    expect(file).toContain('x=${API_KEY}&y=${HIDDEN}');
  });

  it.each([
    ['{', /not valid JSON/],
    ['{}', /no Postman collection/],
    [collection([]), /has no requests/],
    [collection([at('{{host}}/')]), /none of the 1 request .*give --url/],
  ])('%s is refused with its reason', (text, words) => expect(() => fromPostman(text)).toThrow(words));
});
