import { HiveError, targetInputSchema, type TargetInput } from '@hive/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fromOpenApi } from '../../src/importing/openapi/open-api.js';
import { fillIn } from '../../src/safety/secrets.js';
import { PETSTORE_30, SHOP_31 } from './documents.js';
import { ENDLESS, expectEndFor, expectMutationsUnderstood, minimal, posting, URL_31 } from './odd-documents.js';

const petstore = JSON.stringify(PETSTORE_30);

function request(target: TargetInput, name: string) {
  const found = target.requests?.find((one) => one.name === name);
  if (!found) throw new Error(`no request ${name} among ${target.requests?.map((one) => one.name).join(', ')}`);
  return found;
}

/** The schemas of the documents as JSON Schema 2020-12, written by hand apart from the importer. */
function validator(schema: object) {
  const ajv = new Ajv2020({ strict: false });
  ajvFormats.default(ajv);
  return ajv.compile(schema);
}

const PET = {
  type: 'object',
  required: ['name', 'kind'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1 },
    kind: { enum: ['cat', 'dog'] },
    price: { type: ['number', 'null'], exclusiveMinimum: 0 },
    born: { type: 'string', format: 'date-time' },
    mail: { type: 'string', format: 'email' },
    tag: { type: 'string', pattern: '^[A-Z]{3}-\\d{4}$' },
    script: { type: 'string' },
    parent: { $ref: '#' },
    friends: { type: 'array', items: { $ref: '#' }, maxItems: 3 },
    owner: {
      oneOf: [
        {
          type: 'object',
          required: ['firstName'],
          additionalProperties: false,
          properties: { firstName: { type: 'string' }, age: { type: 'integer' } },
        },
        {
          type: 'object',
          required: ['vat'],
          additionalProperties: false,
          properties: { vat: { type: 'string', pattern: '^DE\\d{9}$' } },
        },
      ],
    },
  },
};

describe('an OpenAPI 3.0 document', () => {
  it('becomes a valid target with a request for each operation that can be called', async () => {
    const { target, notes, secrets } = await fromOpenApi(petstore, { seed: 1 });
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    expect(target.url).toBe('http://127.0.0.1:8080/v1');
    expect(target.requests?.map(({ name, method, weight }) => [name, method, weight])).toEqual([
      ['listPets', 'GET', 1],
      ['createPet', 'POST', 1],
      ['get-pet-by-id', 'GET', 1],
      ['patchPet', 'PATCH', 1],
      ['delete-pets-petId', 'DELETE', 1],
      ['uploadPhoto', 'POST', 1],
      ['post-login', 'POST', 1],
    ]);
    expect(notes.join('\n')).toMatch(/Left out: POST \/report\.xml: /);
    expect(notes.join('\n')).toMatch(/is on: 5 writing requests/);
    expect(secrets.map(({ name }) => name)).toEqual(['STORE_AUTH_TOKEN', 'ADMIN_TOKEN']);
    expect(target.safety?.allowWrites ?? false).toBe(false);
  });

  it('gives parameters in the style they have', async () => {
    const { target } = await fromOpenApi(petstore, { seed: 1 });
    const { path, headers } = request(target, 'listPets');
    const query = new URL(path ?? '', 'http://a').searchParams;
    expect(query.get('limit')).toBe('20');
    expect(query.getAll('status').length).toBeGreaterThanOrEqual(2);
    for (const status of query.getAll('status')) expect(['on sale', 'sold']).toContain(status);
    expect(query.get('filter[color]')).toBe('red & white');
    expect(query.has('cursor')).toBe(false);
    expect(headers?.['x-request-id']).toMatch(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(headers?.['authorization']).toBe('Bearer ${STORE_AUTH_TOKEN}');
    expect(request(target, 'get-pet-by-id').path).toBe('/pets/42');
    expect(request(target, 'delete-pets-petId')).toMatchObject({ path: '/pets/42?admin_key=${ADMIN_TOKEN}' });
    expect(request(target, 'delete-pets-petId').headers).toBeUndefined();
  });

  it.each([1, 2, 3, 4711])('gives bodies that a validator accepts (seed %i)', async (seed) => {
    const { target } = await fromOpenApi(petstore, { seed });
    const body = (name: string): string => fillIn(request(target, name).body ?? '', {});
    const pet = JSON.parse(body('createPet')) as Record<string, unknown>;
    expect(validator(PET)(pet)).toBe(true);
    expect(pet).not.toHaveProperty('id');
    const patch = JSON.parse(body('patchPet')) as Record<string, unknown>;
    expect(patch['reason']).toMatch(/^.{10,20}$/s);
    expect(request(target, 'createPet').headers?.['content-type']).toBe('application/json');
    const form = new URLSearchParams(body('post-login'));
    expect(form.get('user')).toBe('ann & bob');
    expect(form.get('password')).toBeTruthy();
    expect(body('uploadPhoto')).toMatch(
      /^--(\S+)\r\n[\s\S]*name="file"; filename=[\s\S]*name="note"[\s\S]*--\1--\r\n$/,
    );
  });

  it('is the same for the same seed', async () => {
    expect(await fromOpenApi(petstore, { seed: 5 })).toEqual(await fromOpenApi(petstore, { seed: 5 }));
  });

  it.each([
    ['http://10.0.0.1:9', 'http://10.0.0.1:9/v1'],
    ['http://10.0.0.1:9/', 'http://10.0.0.1:9/v1'],
    ['https://a.example/base/', 'https://a.example/base'],
  ])('is loaded at %s when told so', async (serverUrl, url) => {
    expect((await fromOpenApi(petstore, { seed: 1, serverUrl })).target.url).toBe(url);
  });
});

describe('an OpenAPI 3.1 document', () => {
  it('becomes a valid target', async () => {
    const { target, comments, secrets } = await fromOpenApi(SHOP_31, { seed: 1, serverUrl: URL_31 });
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    expect(target.url).toBe(`${URL_31}/api`);
    expect(target.requests?.map(({ name }) => name)).toEqual(['orderItem', 'order', 'order-2']);
    expect(request(target, 'orderItem').path).toMatch(/^\/orders\/[0-9a-f-]{36}\/items\/a%20b%2Fc\?view=1,2$/);
    expect(comments['orderItem']).toBe('deprecated');
    expect(secrets).toEqual([{ name: 'BASIC_TOKEN', purpose: 'the base64 of user:password' }]);
    expect(request(target, 'order').headers).toMatchObject({ authorization: 'Basic ${BASIC_TOKEN}' });
  });

  it.each([1, 2, 3])('prefers the written example that is valid, else makes one (seed %i)', async (seed) => {
    const { target } = await fromOpenApi(SHOP_31, { seed, serverUrl: URL_31 });
    expect(JSON.parse(request(target, 'order').body ?? '')).toEqual({ lines: [{ sku: 'A1', count: 2 }], note: null });
    const made = JSON.parse(request(target, 'order-2').body ?? '') as unknown;
    const document = parse(SHOP_31) as { components: object };
    const { $ref, ...rest } = { $ref: '#/components/schemas/Order', components: document.components };
    expect(validator({ $ref, ...rest })(made)).toBe(true);
    expect(request(target, 'order-2').headers?.['content-type']).toBe('application/vnd.shop+json');
  });

  it('needs --url where its server does not say a host', async () => {
    await expect(fromOpenApi(SHOP_31, { seed: 1 })).rejects.toThrow(/'\/api' does not say which host/);
  });
});

describe('a document that cannot be imported', () => {
  const ref = (reference: string): object => ({
    paths: { '/a': { get: { parameters: [{ $ref: reference }], responses: { '200': { description: 'x' } } } } },
  });

  it.each([
    ['', /is not a mapping/],
    ['openapi: [', /is not YAML/],
    ['openapi: 4.0.0', /has openapi: 4\.0\.0, which is no version that Hive knows/],
    ['swagger: "2.0"', /has swagger: 2\.0/],
    ['{}', /no openapi/],
    [minimal({}), /no operations/],
    [minimal({ info: 5 }), /no operations/],
    [
      minimal(ref('http://127.0.0.1:1/common.json#/a')),
      /:\d+:\d+: paths.*points outside the document, at http:\/\/127/,
    ],
    [minimal(ref('./common.yaml#/a')), /points outside/],
    [minimal(ref('#/components/parameters/None')), /points at nothing: #\/components\/parameters\/None/],
    [minimal({ 'x-a': { $ref: '#/x-a' } }), /./],
  ])('%j', async (text, words) => {
    await expect(fromOpenApi(text, { seed: 1 })).rejects.toThrow(HiveError);
    await expect(fromOpenApi(text, { seed: 1 })).rejects.toThrow(words);
  });

  it('leaves out what asks for too much, contradicts itself or has no end', async () => {
    const body = (schema: object): object => ({ post: posting(schema) });
    const listOf = (items: object): object => ({ type: 'array', items, minItems: 900 });
    const namesOf = (additionalProperties: object): object => ({
      type: 'object',
      additionalProperties,
      minProperties: 900,
    });
    const text = minimal({
      paths: {
        '/large': body({ type: 'array', minItems: 1e9, items: {} }),
        '/cube': body(listOf(listOf(listOf({ type: 'integer' })))),
        '/names': body(namesOf(namesOf(namesOf({ type: 'integer' })))),
        '/row': body(listOf({ type: 'integer' })),
        '/shared': body({ $ref: '#/components/schemas/Large' }),
        '/shared/again': body({ $ref: '#/components/schemas/Large' }),
        '/shared/within': body({
          type: 'object',
          required: ['a'],
          properties: { a: { $ref: '#/components/schemas/Has' } },
        }),
        '/never': body({ type: 'integer', minimum: 5, maximum: 4 }),
        '/endless': body({ $ref: '#/components/schemas/Endless' }),
        '/good': body({ type: 'integer' }),
      },
      components: {
        schemas: {
          Has: { type: 'object', required: ['all'], properties: { all: { $ref: '#/components/schemas/Large' } } },
          Large: { type: 'array', minItems: 1e308, items: {} },
          Endless: {
            type: 'object',
            required: ['next'],
            properties: { next: { $ref: '#/components/schemas/Endless' } },
          },
        },
      },
    });
    const { target, notes } = await fromOpenApi(text, { seed: 1 });
    expect(target.requests?.map(({ path }) => path)).toEqual(['/row', '/good']);
    for (const path of [
      '/large',
      '/cube',
      '/names',
      '/shared',
      '/shared/again',
      '/shared/within',
      '/never',
      '/endless',
    ])
      expect(notes.join('\n')).toContain(`Left out: POST ${path}: `);
  });

  it('makes nothing of the longest length that is allowed', async () => {
    const most = 2_147_483_647;
    const text = { type: 'string', maxLength: most };
    const list = { type: 'array', items: { type: 'integer' }, maxItems: most };
    const schema = {
      type: 'object',
      required: ['text', 'long', 'list', 'many'],
      properties: { text, long: { ...text, minLength: 5_000 }, list, many: { ...list, minItems: 500 } },
    };
    const { target } = await fromOpenApi(minimal({ paths: { '/most': { post: posting(schema) } } }), { seed: 1 });
    const body = JSON.parse(target.requests?.[0]?.body ?? '{}') as Record<string, { length: number }>;
    expect(body['text']?.length).toBeLessThanOrEqual(1_000);
    expect(body['long']?.length).toBe(5_000);
    expect(body['list']?.length).toBeLessThanOrEqual(10);
    expect(body['many']?.length).toBe(500);
  });

  it.each(ENDLESS.slice(0, 1))('comes to an end with %s', (_, schema) => expectEndFor(schema));

  it('keeps what must be long as long, wherever that is said', async () => {
    const months = { allOf: [{ type: 'array', items: { type: 'integer' }, minItems: 12 }, { maxItems: 31 }] };
    const { target } = await fromOpenApi(minimal({ paths: { '/months': { post: posting(months) } } }), { seed: 1 });
    const { length } = JSON.parse(target.requests?.[0]?.body ?? '[]') as unknown[];
    expect(length).toBeGreaterThanOrEqual(12);
    expect(length).toBeLessThanOrEqual(31);
  });

  it('takes the example that is written where making one would be too much', async () => {
    const schema = { type: 'object', properties: { scan: { type: 'string', minLength: 200_000 } }, example: { id: 7 } };
    const { target } = await fromOpenApi(minimal({ paths: { '/scans': { post: posting(schema) } } }), { seed: 1 });
    expect(JSON.parse(target.requests?.[0]?.body ?? 'null')).toEqual({ id: 7 });
  });

  it('keeps 200 requests, those that read first', async () => {
    const operation = { responses: { '200': { description: 'x' } } };
    const paths = Object.fromEntries(
      Array.from({ length: 150 }, (_, i) => [`/${i}`, { post: operation, get: operation }]),
    );
    const { target, notes } = await fromOpenApi(minimal({ paths }), { seed: 1 });
    expect(target.requests).toHaveLength(200);
    expect(target.requests?.filter(({ method }) => method === 'GET')).toHaveLength(150);
    expect(notes.join('\n')).toMatch(/Left out: 100 requests/);
  });
});

describe('a mutated document', () => {
  it.each([
    ['3.0', PETSTORE_30 as object],
    ['3.1', parse(SHOP_31) as object],
  ])('is a clear error or a correct target, and goes nowhere else (%s)', async (_, document) => {
    await expectMutationsUnderstood(document, { numRuns: 20, seed: 1 });
  });
});
