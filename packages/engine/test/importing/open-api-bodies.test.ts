import { describe, expect, it } from 'vitest';
import { fromOpenApi } from '../../src/importing/openapi/open-api.js';
import { minimal } from './odd-documents.js';

// How bodies are written: one test for each class.

async function bodyFor(mediaType: string, media: object, document: object = {}) {
  const requestBody = { required: true, content: { [mediaType]: media } };
  const paths = { '/a': { post: { requestBody, responses: { '200': { description: 'x' } } } } };
  const { target } = await fromOpenApi(minimal({ paths, ...document }), { seed: 1 });
  const [request] = target.requests ?? [];
  return { body: request?.body ?? '', type: request?.headers?.['content-type'] };
}

const object = (properties: object): object => ({ type: 'object', required: Object.keys(properties), properties });
const example = (value: object): object => ({ schema: object({}), example: value });

describe('a form', () => {
  const FORM = 'application/x-www-form-urlencoded';
  const card = { card: { number: 42, owner: { name: 'A B' } }, items: [{ price: 1 }, { price: 2 }], tags: ['x', 'y'] };
  const pairs = async (encoding: object, value: object = card): Promise<string[]> => {
    const { body } = await bodyFor(FORM, { ...example(value), encoding });
    return body.split('&').map(decodeURIComponent);
  };

  it('writes what is nested by its style, at any depth', async () => {
    const deep = { style: 'deepObject', explode: true };
    expect(await pairs({ card: deep, items: deep, tags: deep })).toEqual([
      'card[number]=42',
      'card[owner][name]=A B',
      'items[0][price]=1',
      'items[1][price]=2',
      'tags[0]=x',
      'tags[1]=y',
    ]);
  });

  it.each([
    [{}, ['a={"b":1}', 'c=1', 'c=2']],
    [{ a: { style: 'form', explode: true }, c: { explode: false } }, ['b=1', 'c=1,2']],
    [{ a: { style: 'form', explode: false }, c: { style: 'pipeDelimited' } }, ['a=b,1', 'c=1|2']],
    [{ c: { style: 'spaceDelimited' } }, ['a={"b":1}', 'c=1 2']],
    [{ c: { contentType: 'application/json' } }, ['a={"b":1}', 'c=[1,2]']],
  ])('follows style and explode: %j', async (encoding, wanted) => {
    expect(await pairs(encoding, { a: { b: 1 }, c: [1, 2], gone: null })).toEqual(wanted);
  });

  it('leaves what is reserved where it may', async () => {
    const { body } = await bodyFor(FORM, {
      ...example({ a: 'http://b/?c&d' }),
      encoding: { a: { allowReserved: true } },
    });
    expect(body).toBe('a=http://b/?c%26d');
  });
});

describe('a multipart', () => {
  const parts = (body: string): [head: string, text: string][] => {
    const [boundary = ''] = body.split('\r\n');
    return body
      .split(`${boundary}\r\n`)
      .slice(1)
      .map((part) => part.replace(`${boundary}--\r\n`, '').replace(/\r\n$/, '').split('\r\n\r\n') as [string, string]);
  };

  it('has one part for each item, files as files, and the types that the document gives', async () => {
    const file = { type: 'string', format: 'binary' };
    const schema = object({
      photos: { type: 'array', items: { $ref: '#/components/schemas/File' }, minItems: 2, maxItems: 2 },
      cover: { allOf: [{ $ref: '#/components/schemas/File' }] },
      icon: { anyOf: [file, { type: 'null' }] },
      meta: object({ a: { type: 'integer', example: 1 } }),
      tags: { type: 'array', items: { type: 'string' }, example: ['x', 'y'] },
      note: { type: 'string', example: 'hi' },
      plain: { type: 'string', example: 'b' },
    });
    const encoding = {
      photos: { contentType: 'image/png, image/jpeg' },
      cover: { contentType: 'image/*', headers: { 'X-Size': { schema: { type: 'integer', example: 5 } }, 'X-No': {} } },
      note: { contentType: 'text/markdown' },
    };
    const { body, type } = await bodyFor(
      'multipart/form-data',
      { schema, encoding },
      { openapi: '3.1.0', components: { schemas: { File: file } } },
    );
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    const head = (name: string, more = ''): string => `content-disposition: form-data; name="${name}"${more}`;
    expect(parts(body)).toEqual([
      [`${head('photos', '; filename="hive.png"')}\r\ncontent-type: image/png`, 'hive'],
      [`${head('photos', '; filename="hive.png"')}\r\ncontent-type: image/png`, 'hive'],
      [`${head('cover', '; filename="hive.png"')}\r\ncontent-type: image/png\r\nx-size: 5`, 'hive'],
      [`${head('icon', '; filename="hive.txt"')}\r\ncontent-type: application/octet-stream`, 'hive'],
      [`${head('meta')}\r\ncontent-type: application/json`, '{"a":1}'],
      [head('tags'), 'x'],
      [head('tags'), 'y'],
      [`${head('note')}\r\ncontent-type: text/markdown`, 'hi'],
      [head('plain'), 'b'],
    ]);
  });

  it('of another kind has parts without names', async () => {
    const { body, type } = await bodyFor('multipart/mixed', example({ a: { b: 1 }, c: 'd' }));
    expect(type).toMatch(/^multipart\/mixed; boundary=/);
    expect(parts(body)).toEqual([
      ['content-type: application/json', '{"b":1}'],
      ['', 'd'],
    ]);
  });
});

describe('a media type is taken apart, and not matched by its ending', () => {
  const lines = '{"a":1}\n{"a":2}\n';
  it.each([
    ['application/x-ndjson', { example: lines }, lines],
    ['application/jsonl', { schema: { type: 'array' }, example: [{ a: 1 }, { a: 2 }] }, lines],
    ['application/json-seq', { schema: { type: 'array' }, example: [{ a: 1 }] }, '\u001e{"a":1}\n'],
    ['Application/Problem+JSON; charset=utf-8', { example: { a: 1 } }, '{"a":1}'],
    ['text/json', { example: { a: 1 } }, '{"a":1}'],
    ['application/json', { schema: { type: 'object' }, example: '{"a": 1}' }, '{"a":1}'],
    ['application/json', { schema: { type: 'string' }, example: '{"a": 1}' }, '"{\\"a\\": 1}"'],
    ['application/graphql', { example: 'query { a }' }, 'query { a }'],
    ['application/yaml', { example: 'a: 1\n' }, 'a: 1\n'],
    ['text/csv', { schema: { type: 'string' }, example: 'a,b\n' }, 'a,b\n'],
    ['application/soap+xml', { example: '<a/>' }, '<a/>'],
    ['application/vnd.myjson', { example: 'as it is' }, 'as it is'],
    ['application/x-www-form-urlencoded', { example: 'a=1&b=2' }, 'a=1&b=2'],
  ])('%s with %j', async (mediaType, media, wanted) => {
    const { body, type } = await bodyFor(mediaType, media);
    expect([body, type]).toEqual([wanted, mediaType]);
  });
});
