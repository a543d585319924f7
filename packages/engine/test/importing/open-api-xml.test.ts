import { describe, expect, it } from 'vitest';
import { fromOpenApi } from '../../src/importing/openapi/open-api.js';
import { minimal } from './odd-documents.js';

async function imported(media: object, schemas: object = {}) {
  const requestBody = { required: true, content: { 'application/xml': media } };
  const paths = { '/a': { post: { requestBody, responses: { '200': { description: 'x' } } } } };
  const one = { get: { responses: { '200': { description: 'x' } } } };
  const document = minimal({ openapi: '3.1.0', paths: { ...paths, '/b': one }, components: { schemas } });
  const { target, notes } = await fromOpenApi(document, { seed: 1 });
  const post = target.requests?.find(({ method }) => method === 'POST');
  return { body: post?.body, type: post?.headers?.['content-type'], notes: notes.join('\n') };
}

/** What is sent, behind its first line. */
async function xml(media: object, schemas: object = {}): Promise<string> {
  const { body = '' } = await imported(media, schemas);
  const [first, ...rest] = body.split('\n');
  expect(first).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  return rest.join('\n');
}

const text = (example: string, more: object = {}) => ({ type: 'string', example, ...more });
const object = (properties: object, more: object = {}) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
  ...more,
});
const list = (items: object, more: object = {}) => ({ type: 'array', items, minItems: 2, maxItems: 2, ...more });
const named = (example: unknown, properties: object, more: object = {}) =>
  xml({ schema: object(properties, { xml: { name: 'root', ...more } }), example });

describe('a body of XML', () => {
  it('is made of its schema, with its names, attributes and lists', async () => {
    const Pet = object({
      name: text('Rex & Co'),
      id: { type: 'integer', example: 7, xml: { attribute: true } },
      owner: { $ref: '#/components/schemas/Owner' },
      tags: list(text('x', { xml: { name: 'tag' } }), { xml: { name: 'all', wrapped: true } }),
      photo: list(text('p')),
    });
    const Owner = object({ born: text('2020', { xml: { name: 'year' } }) });
    expect(await xml({ schema: { $ref: '#/components/schemas/Pet' } }, { Pet, Owner })).toBe(
      '<Pet id="7"><name>Rex &amp; Co</name><owner><year>2020</year></owner>' +
        '<all><tag>x</tag><tag>x</tag></all><photo>p</photo><photo>p</photo></Pet>',
    );
  });

  it('takes an example that is a value, and one that is a text as it stands', async () => {
    expect(await named({ b: [true, 1.5], a: 'x', gone: null }, { a: text(''), b: {} })).toBe(
      '<root><a>x</a><b>true</b><b>1.5</b></root>',
    );
    const { body, type } = await imported({ example: '<a/>' });
    expect([body, type]).toEqual(['<a/>', 'application/xml']);
  });

  it('declares a namespace once, where it begins', async () => {
    const of = { namespace: 'urn:a', prefix: 'a' };
    const child = { type: 'string', xml: of };
    expect(await named({ x: '1', y: '2' }, { x: child, y: { ...child, xml: { ...of, attribute: true } } }, of)).toBe(
      '<a:root xmlns:a="urn:a" a:y="2"><a:x>1</a:x></a:root>',
    );
    expect(await named({ x: '1' }, { x: { xml: { namespace: 'urn:b' } } })).toBe('<root><x xmlns="urn:b">1</x></root>');
  });

  it('has a list at its root, each item called as its schema', async () => {
    const schema = list({ $ref: '#/components/schemas/Pet' }, { xml: { name: 'pets' } });
    expect(await xml({ schema }, { Pet: object({ a: text('x') }) })).toBe(
      '<pets><Pet><a>x</a></Pet><Pet><a>x</a></Pet></pets>',
    );
  });

  it('escapes whatever a value holds', async () => {
    const value = '<b a="1">\r\t\0\ud800\u{1f600}]]>';
    expect(await named({ a: value, b: value }, { a: {}, b: { xml: { attribute: true } } })).toBe(
      '<root b="&lt;b a=&quot;1&quot;&gt;&#13;&#9;\ufffd\ufffd\u{1f600}]]&gt;">' +
        '<a>&lt;b a="1"&gt;&#13;\t\ufffd\ufffd\u{1f600}]]&gt;</a></root>',
    );
  });

  it.each([
    ['a root without a name', { schema: object({ a: text('x') }) }, /does not name the root element: add xml.name/],
    ['a name that ends its element', { schema: object({}, { xml: { name: 'a><b' } }) }, /"a><b" is no name of an XML/],
    [
      'a prefix of two namespaces',
      {
        schema: object(
          { a: text('x', { xml: { attribute: true, prefix: 'p', namespace: 'urn:b' } }) },
          { xml: { name: 'r', prefix: 'p', namespace: 'urn:a' } },
        ),
      },
      /prefix p stands for two namespaces/,
    ],
  ])('%s is left out with the reason', async (_, media, reason) => {
    const { body, notes } = await imported(media);
    expect(body).toBeUndefined();
    expect(notes).toMatch(reason);
  });

  it('comes to an end where alternatives name one another', async () => {
    const levels = Array.from({ length: 10 }, (_, level) => level);
    const refs = (level: number) =>
      Array.from({ length: 30 }, () => ({ $ref: `#/components/schemas/L${(level + 1) % 10}` }));
    const schemas = Object.fromEntries(
      levels.map((level) => [`L${level}`, { anyOf: [{ type: 'null' }, ...refs(level), { type: 'string' }] }]),
    );
    const a = { $ref: '#/components/schemas/L0' };
    const media = { schema: object({ a }, { xml: { name: 'root' } }), example: { a: 'x' } };
    expect(await xml(media, schemas)).toBe('<root><a>x</a></root>');
  });

  it('ends where a value does not', async () => {
    const deep = `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`;
    const { notes } = await imported({ schema: { xml: { name: 'r' } }, example: JSON.parse(deep) as object });
    expect(notes).toMatch(/nested more than 50 deep/);
  });
});
