import type { TargetInput } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { fromOpenApi } from '../../src/importing/openapi/open-api.js';
import { minimal, posting } from './odd-documents.js';

// What real documents did to Hive: one test for each class.

const ok = { responses: { '200': { description: 'x' } } };
const read = (document: object | string, options: { serverUrl?: string } = {}) =>
  fromOpenApi(typeof document === 'string' ? document : minimal(document), { seed: 1, fileName: 'a.yaml', ...options });
const paths = ({ requests }: TargetInput): string[] => (requests ?? []).map(({ path }) => path ?? '');
const bodyOf = ({ requests }: TargetInput, path: string): unknown =>
  JSON.parse(requests?.find((one) => one.path === path)?.body ?? 'null') as unknown;

describe('one odd schema', () => {
  it('costs only the operations that use it, and what a validator refuses is dropped keyword by keyword', async () => {
    const odd = {
      $recursiveAnchor: true,
      $recursiveRef: '#',
      id: 'urn:odd',
      type: 'object',
      required: true,
      properties: { name: { type: 'String', minLength: '3' }, size: { type: 'integer', enum: [], maximum: '5' } },
      additionalProperties: 'no',
      allOf: [],
    };
    const { target, notes } = await read({
      openapi: '3.1.0',
      paths: {
        '/odd': { post: posting({ $ref: '#/components/schemas/Odd' }) },
        '/good': {
          post: posting({ type: 'object', required: ['a'], properties: { a: { type: 'integer', example: 7 } } }),
        },
      },
      components: { schemas: { Odd: odd, Worse: 'none', Null: null } },
    });
    expect(paths(target)).toEqual(['/odd', '/good']);
    expect(bodyOf(target, '/good')).toEqual({ a: 7 });
    for (const keyword of ['$recursiveAnchor', '$recursiveRef', 'id', 'required', 'additionalProperties', 'allOf'])
      expect(notes).toContainEqual(
        expect.stringMatching(
          new RegExp(`a\\.yaml:\\d+:\\d+: components\\.schemas\\.Odd\\.${keyword.replace('$', '\\$')} `),
        ),
      );
    expect(notes).toContainEqual(expect.stringMatching(/properties\.name\.type must be one of/));
  });

  it('whose example or default does not fit leaves the rest of a body as the document has it', async () => {
    const schema = {
      type: 'object',
      required: ['count', 'name'],
      properties: { count: { type: 'integer', example: 'many' }, name: { type: 'string', example: 'tea' } },
    };
    const { target } = await read({ paths: { '/a': { post: posting(schema) } } });
    expect(bodyOf(target, '/a')).toMatchObject({ name: 'tea', count: expect.any(Number) as number });
  });

  it('that accepts nothing still leaves the example that somebody wrote, marked', async () => {
    const schema = { type: 'integer', minimum: 5, maximum: 4 };
    const content = { 'application/json': { schema, example: { id: 1 } } };
    const { target, notes, comments } = await read({
      paths: { '/a': { post: { ...ok, requestBody: { required: true, content } } } },
    });
    expect(bodyOf(target, '/a')).toEqual({ id: 1 });
    expect(notes.join()).toMatch(/POST \/a: the document's own example, which its schema does not accept/);
    expect(Object.values(comments)).toEqual([expect.stringMatching(/own example/)]);
  });
});

describe('servers', () => {
  const twilio = {
    servers: undefined,
    paths: { '/v1/x': { servers: [{ url: 'https://bulk.example.com' }], get: ok } },
  };

  it('of a path or an operation: --url replaces every host', async () => {
    const { target } = await read(twilio, { serverUrl: 'http://127.0.0.1:1' });
    expect([target.url, ...paths(target)]).toEqual(['http://127.0.0.1:1', '/v1/x']);
  });

  it('of paths alone: the host with the most operations is taken, the others are told', async () => {
    const at = (url: string): object => ({ servers: [{ url }], get: ok });
    const own = {
      '/a': at('https://one.example'),
      '/b': at('https://two.example/v2'),
      '/c': at('https://two.example/v2'),
    };
    const { target, notes } = await read({ servers: undefined, paths: own });
    expect([target.url, ...paths(target)]).toEqual(['https://two.example/v2', '/b', '/c']);
    expect(notes).toContain('Left out: GET /a is served at https://one.example');
  });

  it.each([
    [undefined, 'https://a.example', ['/v1/x', '/v2/y', '/v3/z']],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1', ['/v1/x', '/v2/y', '/v3/z']],
    ['http://127.0.0.1:1/mock', 'http://127.0.0.1:1', ['/mock/x', '/v2/y', '/v3/z']],
  ])('with another base path on the same host make it part of the path (--url %s)', async (serverUrl, url, wanted) => {
    const document = {
      servers: [{ url: 'https://a.example/v1' }],
      paths: {
        '/x': { get: ok },
        '/y': { servers: [{ url: 'https://a.example/v2/' }], get: ok },
        '/z': { get: { ...ok, servers: [{ url: '/v3' }] } },
      },
    };
    const { target } = await read(document, serverUrl === undefined ? {} : { serverUrl });
    expect([target.url, ...paths(target)]).toEqual([url, ...wanted]);
  });
});

describe('a document that is not as the specification has it', () => {
  it('is read, with warnings that name the line and path of the user', async () => {
    const text = [
      'openapi: 3.0.0',
      'servers: [{ url: http://a }]',
      'paths:',
      '  /a:',
      '    get:',
      '      parameters:',
      '        - name: If-Modified-Since',
      '          in: header',
      '          type: string',
      '          required: true',
      '          schema: { type: string, example: x }',
      '      responses:',
      '        200: {}',
    ].join('\n');
    const { target, notes } = await read(text);
    expect(target.requests).toMatchObject([{ path: '/a', headers: { 'if-modified-since': 'x' } }]);
    expect(notes).toContain(
      'Problem in the document: a.yaml:9:11: paths./a.get.parameters[0].type: this is no field of a parameter, and is not read',
    );
    expect(notes).toContain(
      'Problem in the document: a.yaml:13:9: paths./a.get.responses.200: this response has no description',
    );
    expect(notes).toContainEqual(expect.stringMatching(/a\.yaml:1:1: .*this document has no info/));
  });

  it('says the same key twice, with both lines', async () => {
    const text =
      'openapi: 3.1.0\nservers: [{ url: http://a }]\npaths:\n  /a:\n    get: {}\n  /b:\n    get: {}\n  /a:\n    delete: {}\n';
    const { target, notes } = await read(text);
    expect(target.requests?.map(({ method, path }) => `${method} ${path}`)).toEqual(['DELETE /a', 'GET /b']);
    expect(notes.join('\n')).toMatch(/a\.yaml: paths\.\/a stands twice, in lines 4 and 8/);
  });

  it.each([
    ['openapi: 3.2.0', /openapi: 3\.2\.0 is read as 3\.1/],
    ['openapi: 3.0', /openapi: 3\.0 is a number, not a version/],
    ['openapi: 3.1', /openapi: 3\.1 is a number, not a version/],
  ])('%s is read, with a warning', async (version, words) => {
    const { target, notes } = await read(`${version}\nservers: [{ url: http://a }]\npaths: { /a: { get: {} } }\n`);
    expect(paths(target)).toEqual(['/a']);
    expect(notes.join('\n')).toMatch(words);
  });

  it('of Swagger 2.0 is told what it is', async () => {
    await expect(read('swagger: "2.0"\npaths: {}')).rejects.toThrow(
      /a\.yaml has swagger: 2\.0, the format before OpenAPI 3/,
    );
  });
});

describe('references', () => {
  it('that no request needs are not followed', async () => {
    const { target, notes } = await read({
      'x-topics': [{ content: { $ref: './a.md' } }],
      paths: { '/a': { get: { ...ok, responses: { '200': { $ref: './r.yaml' } } } } },
      components: { schemas: { Unused: { $ref: '#/nowhere' } } },
    });
    expect(paths(target)).toEqual(['/a']);
    expect(notes.join()).not.toMatch(/points/);
  });

  it('that lead nowhere cost the operation that needs them, with their place; optional parts are left out', async () => {
    const { target, notes } = await read({
      paths: {
        '/a': { get: { ...ok, parameters: [{ $ref: './p.yaml' }] } },
        '/b': { post: posting({ $ref: '#/components/schemas/Gone' }) },
        '/c': {
          post: posting({
            type: 'object',
            required: ['a'],
            properties: { a: { type: 'integer' }, b: { $ref: './b.yaml' } },
          }),
        },
        '/d': { $ref: './d.yaml' },
      },
    });
    expect(paths(target)).toEqual(['/c']);
    expect(bodyOf(target, '/c')).toEqual({ a: expect.any(Number) as number });
    expect(notes.join('\n')).toMatch(
      /Left out: GET \/a: a\.yaml:\d+:\d+: paths\.\/a\.get\.parameters\[0\]\.\$ref points outside the document, at \.\/p\.yaml/,
    );
    expect(notes.join('\n')).toMatch(/Left out: POST \/b: .*points at nothing: #\/components\/schemas\/Gone/);
    expect(notes.join('\n')).toMatch(/Left out: path \/d: .*points outside/);
  });
});

describe('a discriminator', () => {
  const animal = (kind: string): object => ({
    type: 'object',
    required: ['petType', kind],
    properties: { petType: { type: 'string' }, [kind]: { type: 'integer' } },
  });
  const discriminator = { propertyName: 'petType', mapping: { cat: '#/components/schemas/Cat', 'big-dog': 'Dog' } };

  it('of a oneOf decides which value a branch has', async () => {
    const oneOf = [{ $ref: '#/components/schemas/Dog' }, { $ref: '#/components/schemas/Cat' }];
    const { target } = await read({
      paths: {
        '/a': { post: posting({ oneOf, discriminator }) },
        '/b': { post: posting({ oneOf, discriminator: { propertyName: 'petType' } }) },
      },
      components: { schemas: { Cat: animal('lives'), Dog: animal('bark') } },
    });
    for (const [path, dog, cat] of [
      ['/a', 'big-dog', 'cat'],
      ['/b', 'Dog', 'Cat'],
    ] as const) {
      const body = bodyOf(target, path) as { petType: string };
      expect(body).toHaveProperty('bark' in body ? 'bark' : 'lives');
      expect(body.petType).toBe('bark' in body ? dog : cat);
    }
  });

  it('of a base schema decides which schema extends it, and each of these keeps its own value', async () => {
    const extending = (kind: string): object => ({
      allOf: [
        { $ref: '#/components/schemas/Pet' },
        { type: 'object', required: [kind], properties: { [kind]: { type: 'integer' } } },
      ],
    });
    const { target } = await read({
      paths: {
        ...Object.fromEntries(
          ['Pet', 'Dog', 'Puppy'].map((name) => [
            `/${name}`,
            { post: posting({ $ref: `#/components/schemas/${name}` }) },
          ]),
        ),
        '/use': {
          post: posting({
            type: 'object',
            required: ['pet'],
            properties: { pet: { description: 'Whose it is', allOf: [{ $ref: '#/components/schemas/Dog' }] } },
          }),
        },
      },
      components: {
        schemas: {
          Pet: { type: 'object', required: ['petType'], properties: { petType: { type: 'string' } }, discriminator },
          Cat: extending('lives'),
          Dog: extending('bark'),
          Puppy: {
            allOf: [
              { $ref: '#/components/schemas/Dog' },
              { type: 'object', required: ['age'], properties: { age: { type: 'integer' } } },
            ],
          },
        },
      },
    });
    const pet = bodyOf(target, '/Pet') as Record<string, unknown>;
    expect(pet['petType']).toBe('lives' in pet ? 'cat' : 'age' in pet ? 'Puppy' : 'big-dog');
    expect(bodyOf(target, '/Dog')).toMatchObject({ petType: 'big-dog', bark: expect.any(Number) as number });
    expect(bodyOf(target, '/Puppy')).toMatchObject({ petType: 'Puppy', age: expect.any(Number) as number });
    // What only uses it is none that extends it: so people describe a use where nothing may stand beside a $ref.
    expect(bodyOf(target, '/use')).toMatchObject({ pet: { petType: 'big-dog', bark: expect.any(Number) as number } });
  });

  it('whose schemas say their value themselves leaves it to them', async () => {
    const own = (value: string): object => ({
      type: 'object',
      required: ['petType'],
      properties: { petType: { enum: [value] } },
    });
    const { target } = await read({
      paths: {
        '/a': {
          post: posting({
            oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }],
            discriminator: { propertyName: 'petType' },
          }),
        },
      },
      components: { schemas: { A: own('first'), B: own('second') } },
    });
    expect(['first', 'second']).toContain((bodyOf(target, '/a') as { petType: string }).petType);
  });
});

describe('a path key', () => {
  it('may have a query, which is joined, and a fragment, which is dropped', async () => {
    const q = { name: 'q', in: 'query', required: true, schema: { type: 'string', example: 'b c' } };
    const { target } = await read({
      paths: {
        '/a?action=list': { get: { ...ok, parameters: [q] } },
        '/b#frag': { get: ok },
        '/c{?q,limit}': { get: ok },
        d: { get: ok },
        '/e?action=list&q={q}': { get: { ...ok, parameters: [q] } },
      },
    });
    expect(paths(target)).toEqual(['/a?action=list&q=b%20c', '/b', '/c', '/d', '/e?action=list&q=b%20c']);
  });
});

describe('an optional parameter', () => {
  it.each([
    ['in its schema', { schema: { type: 'string', example: 'x' } }],
    ['in its schema, as 3.1 has it', { schema: { type: 'string', examples: ['x'] } }],
    ['in a schema that is referred to', { schema: { $ref: '#/components/schemas/X' } }],
    ['in a part of its schema', { schema: { allOf: [{ $ref: '#/components/schemas/X' }] } }],
    ['in its items', { schema: { type: 'array', minItems: 1, maxItems: 1, items: { type: 'string', example: 'x' } } }],
    ['in its content', { content: { 'text/plain': { schema: { type: 'string', example: 'x' } } } }],
  ])('whose example stands %s is taken', async (_, more) => {
    const parameters = [
      { name: 'q', in: 'query', ...more },
      { name: 'no', in: 'query', schema: { type: 'string', default: 'd' } },
    ];
    const { target } = await read({
      openapi: '3.1.0',
      paths: { '/a': { get: { ...ok, parameters } } },
      components: { schemas: { X: { type: 'string', example: 'x' } } },
    });
    expect(paths(target)).toEqual(['/a?q=x']);
  });
});

describe('a pattern of another dialect', () => {
  it.each([
    '(?i)^[a-z]{3}$',
    '^\\A[a-z]+\\Z',
    '^[[:alpha:]]+$',
    '/^[a-z]+$/i',
    '^\\p{Alpha}+$',
    '^a++$',
    '(',
    '^(?=a)[A-Z]{3}$',
  ])('%s is named as the reason; the example is used, else a value without it, marked', async (pattern) => {
    const schema = { type: 'string', pattern };
    const { target, notes, comments } = await read({
      paths: { '/a': { post: posting({ ...schema, example: 'abC123def456' }) }, '/b': { post: posting(schema) } },
    });
    expect(paths(target)).toEqual(['/a', '/b']);
    expect(bodyOf(target, '/a')).toBe('abC123def456');
    expect(typeof bodyOf(target, '/b')).toBe('string');
    expect(notes.join('\n')).toContain(`POST /b: made without the pattern ${pattern}`);
    expect(Object.values(comments).join()).toContain('made without the pattern');
  });

  it('that JavaScript reads is kept to', async () => {
    const { target } = await read({
      paths: { '/a': { post: posting({ type: 'string', pattern: '^[\\w\\-]{4}\\-\\d{2}$' }) } },
    });
    expect(bodyOf(target, '/a')).toMatch(/^[\w-]{4}-\d{2}$/);
  });
});

describe('what is left out', () => {
  it('is counted and told: operations in = requests out + told', async () => {
    const body = {
      required: true,
      content: {
        'application/json': { schema: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } } },
      },
    };
    const { target, notes, summary } = await read({
      paths: {
        '/a': {
          get: { ...ok, requestBody: body },
          trace: ok,
          head: { ...ok, requestBody: { ...body, required: false } },
        },
        '/b': { get: null, post: 'none', GET: ok },
        'http://elsewhere/c': { get: ok },
        '/d': { put: { ...ok, requestBody: { required: true, content: { 'image/png': {} } } } },
        'x-e': { get: ok },
      },
    });
    expect(target.requests?.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /a', 'HEAD /a', 'GET /b']);
    expect(bodyOf(target, '/a')).toEqual({ a: expect.any(Number) as number });
    expect(notes.join('\n')).toMatch(/GET \/a: a GET with a body, as the document requires/);
    const told = notes.filter((note) => note.startsWith('Left out: '));
    expect(told.map((note) => /^Left out: (\S+ [^:\s]+)/.exec(note)?.[1])).toEqual([
      'TRACE /a',
      'POST /b',
      'GET /b',
      'GET http',
      'PUT /d',
    ]);
    expect(summary).toBe('3 requests from 8 operations');
  });
});
