import { targetInputSchema } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { fromHar } from '../../src/importing/har/har.js';
import { withoutBodySecrets } from '../../src/importing/hiding/hidden-body.js';
import { withoutSecrets } from '../../src/importing/hiding/hidden-path.js';
import { isSecretName } from '../../src/importing/hiding/secret-names.js';
import { looksSecret } from '../../src/importing/hiding/secret-values.js';
import { fromOpenApi } from '../../src/importing/openapi/open-api.js';
import { fromAccessLog } from '../../src/importing/logs/access-log.js';
import { writeTargetFile } from '../../src/importing/target-file/write-target-file.js';
import { fillIn } from '../../src/safety/secrets.js';
import { IN_BODIES, IN_PATHS } from './planted.js';

describe('names of secrets in any notation', () => {
  it.each(
    'token access_token accessToken ACCESS-TOKEN user[password] user%5Bpassword%5D user.passwd userAPIKey api_key X-Api-Key clientSecret PHPSESSID jsessionid ASPSESSIONIDABC csrf_token sid sig X-Amz-Signature X-Amz-Security-Token AWSAccessKeyId private_key Ocp-Apim-Subscription-Key passwordConfirmation authToken id_token mySecretThing'.split(
      ' ',
    ),
  )('%s', (name) => expect(isSecretName(name)).toBe(true));

  it.each(
    'id page author authors key sort token_type tokenizer session_count keyword monkey passenger design signal username email code lang max_size compass spinner'.split(
      ' ',
    ),
  )('%s is none', (name) => expect(isSecretName(name)).toBe(false));
});

describe('values that look like secrets', () => {
  it.each([
    'how-to-write-a-long-slug-for-people-2024',
    'MyVeryLongCamelCaseIdentifierName',
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    '2025-10-10T13:55:36.000Z',
    '12345678901234567890123456',
    'application/vnd.shop.v2+json;charset=utf-8',
    'assets/app-release-v1.2.3/main.bundle.js',
    'a plain sentence with several words in it',
  ])('%s is none', (value) => expect(looksSecret(value)).toBe(false));

  it.each([
    ['v', '5d41402abc4b2a76b9719d911017c592', false],
    ['x', '5d41402abc4b2a76b9719d911017c592', true],
  ])('%s=%s: %s', (name, value, wanted) => expect(looksSecret(value, name)).toBe(wanted));
});

describe('what is planted does not stay', () => {
  it.each(IN_PATHS)('%s in %s', (secret, path) => {
    const hidden = withoutSecrets(path);
    expect(hidden.path).not.toContain(secret);
    expect(hidden.names.length).toBeGreaterThan(0);
    expect(targetInputSchema.safeParse({ url: 'http://a', requests: [{ path: hidden.path }] }).success).toBe(true);
  });

  it.each(IN_BODIES)('%s in %s', (secret, mediaType, body) => {
    const hidden = withoutBodySecrets(body, mediaType);
    expect(hidden.body).not.toContain(secret);
    expect(hidden.names.length).toBeGreaterThan(0);
    // Filled in again with what was taken out, it is what it was.
    const taken = body.includes(`"use ${secret} for it"`) ? `use ${secret} for it` : secret;
    const values = Object.fromEntries(hidden.names.map((name) => [name, taken]));
    if (new Set(hidden.names).size === 1 && !body.includes('%7B')) expect(fillIn(hidden.body, values)).toBe(body);
  });

  it('what is no secret stays as it was', () => {
    const bodies: [string, string][] = [
      ['{"max_tokens": 100, "model":"m", "text":"a ${b} c", "id":"507f1f77bcf86cd799439011"}', 'application/json'],
      ['a=1&b=%20x+y&c=${d}', 'application/x-www-form-urlencoded'],
      ['--xx\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--xx--\r\n', 'multipart/form-data; boundary=xx'],
      ['query Q($token: String!) { a(t: $token) { b } }', 'application/graphql'],
    ];
    for (const [body, type] of bodies) {
      const hidden = withoutBodySecrets(body, type);
      expect(hidden.names).toEqual([]);
      expect(fillIn(hidden.body, {})).toBe(body);
    }
    for (const path of [
      '/items/507f1f77bcf86cd799439011?page=2&q=tea',
      '/static/app.5d41402abc4b2a76b9719d911017c592.js',
    ]) {
      expect(withoutSecrets(path)).toEqual({ path, names: [] });
    }
  });

  it('a variable is never one that the shell has for itself', () => {
    expect(withoutSecrets('/a?path=ghp_plantedPlantedPlanted000001').path).toBe('/a?path=${PATH_SECRET:-}');
    expect(withoutSecrets('/a?hive_token=x').path).toBe('/a?hive_token=${API_HIVE_TOKEN:-}');
  });

  it('in a HAR: none in the file that is written', () => {
    const request = (method: string, path: string, postData?: object): object => ({
      request: {
        method,
        url: `https://shop.example${path}`,
        headers: [{ name: 'Cookie', value: 'planted-cookie' }],
        postData,
      },
      response: { status: 200 },
    });
    const entries = [
      ...IN_PATHS.map(([, path]) => request('GET', path)),
      ...IN_BODIES.map(([, mimeType, text]) => request('POST', '/b', { mimeType, text })),
    ];
    const imported = fromHar(JSON.stringify({ log: { entries } }));
    const file = writeTargetFile(imported, { source: 'a.har' });
    for (const secret of [...IN_PATHS, ...IN_BODIES].map(([one]) => one)) expect(file).not.toContain(secret);
    expect(file).not.toContain('planted');
  });

  it('in a log: none in the file that is written', async () => {
    const lines = IN_PATHS.map(([, path]) => `10.0.0.1 - - [x] "GET ${path} HTTP/1.1" 200 5`);
    const imported = await fromAccessLog([lines.join('\n')], { serverUrl: 'http://a' });
    const file = writeTargetFile(imported, { source: 'a.log' });
    for (const [secret] of IN_PATHS) expect(file).not.toContain(secret);
  });

  it('in an OpenAPI document: none in the file that is written, and what Hive makes up stays', async () => {
    const file = writeTargetFile(await fromOpenApi(JSON.stringify(openApiWithSecrets()), { seed: 1 }), { source: 'a' });
    for (const secret of [...IN_PATHS, ...IN_BODIES].map(([one]) => one)) expect(file).not.toContain(secret);
    expect(file).not.toContain('planted');
    expect(file.match(/^ {2}- name: /gm)).toHaveLength(IN_PATHS.length * 2 + IN_BODIES.length + 3);
    expect(file).toContain('{"password":"password"}');
  });
});

function openApiWithSecrets(): object {
  const ok = { responses: { '200': { description: 'x' } } };
  const body = (type: string, media: object): object => ({
    ...ok,
    requestBody: { required: true, content: { [type]: media } },
  });
  const pairs = (path: string): [string, string][] => [...new URL(path, 'http://a').searchParams];
  return {
    openapi: '3.1.0',
    servers: [
      { url: 'http://a.example/hooks/{hook}', variables: { hook: { default: 'ghp_plantedPlantedPlanted000002' } } },
    ],
    paths: {
      ...Object.fromEntries(IN_PATHS.map(([, path], index) => [`/p${index}${path}`, { get: ok }])),
      ...Object.fromEntries(
        IN_PATHS.map(([, path], index) => [
          `/q${index}/{part}`,
          {
            get: {
              ...ok,
              parameters: [
                {
                  name: 'part',
                  in: 'path',
                  required: true,
                  schema: { type: 'string' },
                  example: path.split(/[?/]/)[1],
                },
                ...pairs(path).map(([name, example]) => ({ name, in: 'query', schema: { type: 'string', example } })),
              ],
            },
          },
        ]),
      ),
      ...Object.fromEntries(
        IN_BODIES.map(([, type, example], index) => [`/b${index}`, { post: body(type, { example }) }]),
      ),
      '/headers': {
        get: {
          ...ok,
          operationId: 'call-ghp_plantedPlantedPlanted000003',
          summary: 'Try it with sk_live_plantedPlanted0002',
          parameters: [
            { name: 'X-Api-Key', in: 'header', example: 'planted-h1' },
            { name: 'X-Note', in: 'header', schema: { default: 'a', examples: ['Bearer planted-h2.abcdefgh'] } },
            { name: 'sid', in: 'cookie', examples: { a: { value: 'planted-h3' } } },
          ],
        },
      },
      '/nested': {
        post: body('application/json', {
          schema: {
            type: 'object',
            required: ['a'],
            properties: {
              a: { properties: { clientSecret: { default: 'planted-n1' } } },
              token: { examples: ['planted-n2'] },
            },
          },
        }),
      },
      '/made': {
        post: body('application/json', {
          schema: { type: 'object', required: ['password'], properties: { password: { type: 'string' } } },
        }),
      },
    },
  };
}
