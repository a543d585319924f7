import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { readTargetFile } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hive, hiveHosted } from './hive-process.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hive-cli-'));
});
afterAll(() => rm(directory, { recursive: true }));

const at = (name: string): string => join(directory, name);

async function written(name: string, environment: Record<string, string> = {}) {
  return (await readTargetFile(await readFile(at(name), 'utf8'), { environment, fileName: name })).target;
}

const LOG = Array.from(
  { length: 300 },
  (_, i) => `127.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /items/${1 + (i % 30)} HTTP/1.1" 200 5 "-" "-"`,
).join('\n');

const OPENAPI = `
openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: /v1 }]
security: [{ key: [] }]
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{ name: id, in: path, required: true, schema: { type: integer, example: 7 } }]
      responses: { '200': { description: ok } }
    delete:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '204': { description: ok } }
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }
`;

const HAR = JSON.stringify({
  log: {
    entries: [
      {
        request: { method: 'GET', url: 'https://shop.example/a?b=c', headers: [{ name: 'Cookie', value: 's3cret' }] },
        response: { status: 200 },
      },
    ],
  },
});

describe('hive init', () => {
  it('writes a template that can be trained on, and never over a file unless told so', async () => {
    const first = await hive(['init', '--out', at('a.yaml'), '--url', 'http://127.0.0.1:3000/items?x=1']);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^Next: hive train .*a\.yaml$/m);
    expect(await written('a.yaml')).toMatchObject({
      url: 'http://127.0.0.1:3000',
      requests: [{ name: 'first', method: 'GET', path: '/items?x=1' }],
      safety: { allowWrites: false },
    });
    await writeFile(at('a.yaml'), 'mine');
    const second = await hiveHosted(['init', '--out', at('a.yaml')]);
    expect(second.code).toBe(104);
    expect(second.stderr).toMatch(/a\.yaml already exists[\s\S]*--force/);
    expect(await readFile(at('a.yaml'), 'utf8')).toBe('mine');
    expect((await hiveHosted(['init', '--out', at('a.yaml'), '--force'])).code).toBe(0);
    expect(await written('a.yaml')).toMatchObject({ url: 'http://127.0.0.1:8080' });
  });

  it('imports an OpenAPI document, and says what is to be set', async () => {
    await writeFile(at('openapi.yaml'), OPENAPI);
    const args = ['init', '--from-openapi', at('openapi.yaml'), '--out', at('o.yaml')];
    const refused = await hiveHosted(args);
    expect(refused.stderr).toMatch(/'\/v1' does not say which host[\s\S]*--url/);
    expect(refused.code).toBe(104);
    const { code, stdout } = await hiveHosted([...args, '--url', '127.0.0.1:9']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 requests from 2 operations/);
    expect(stdout).toMatch(/Set KEY_TOKEN: the key that is sent as header X-Key/);
    expect(stdout).toMatch(/is on: 1 writing request/);
    expect(await written('o.yaml', { KEY_TOKEN: 'x' })).toMatchObject({
      url: 'http://127.0.0.1:9/v1',
      requests: [{ name: 'getPet', path: '/pets/7', headers: { 'x-key': '${KEY_TOKEN}' } }, { method: 'DELETE' }],
    });
    const train = await hiveHosted(['train', at('o.yaml')]);
    expect(train.stderr).toMatch(/o\.yaml.*needs KEY_TOKEN/);
    expect(train.code).toBe(104);
  });

  it('asks for a variable only where a request that will be sent needs it, and then prints the whole line', async () => {
    const operation = { responses: { '200': { description: 'ok' } } };
    const locked = { ...operation, security: [{ OAuth2PasswordBearer: [] }] };
    const document = (get: object): string =>
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'FastAPI', version: '0.1.0' },
        servers: [{ url: 'http://127.0.0.1:9' }],
        paths: { '/items': { get, post: locked } },
        components: {
          securitySchemes: {
            OAuth2PasswordBearer: { type: 'oauth2', flows: { password: { scopes: {}, tokenUrl: 'token' } } },
          },
        },
      });
    const next = async (text: string): Promise<string> => {
      await writeFile(at('fa.json'), text);
      return (await hiveHosted(['init', '--from-openapi', at('fa.json'), '--out', at('fa.yaml'), '--force'])).stdout;
    };
    const open = await next(document(operation));
    expect(open).toContain('Set OAUTH2_PASSWORD_BEARER_TOKEN before you turn writing requests on: ');
    expect(open).toContain(`\nNext: hive train ${at('fa.yaml')}\n`);
    expect((await written('fa.yaml')).requests).toHaveLength(2);
    expect(await next(document(locked))).toContain(
      `\nNext: OAUTH2_PASSWORD_BEARER_TOKEN=… hive train ${at('fa.yaml')}\n`,
    );
    const writes = JSON.stringify({
      ...(JSON.parse(document(locked)) as object),
      paths: { '/items': { post: locked } },
    });
    expect(await next(writes)).toMatch(
      /Next: every request writes\. .* then: OAUTH2_PASSWORD_BEARER_TOKEN=… hive train/,
    );
  });

  it('imports a recording; what is not this machine needs permission', async () => {
    await writeFile(at('shop.har'), HAR);
    const { stdout, code } = await hiveHosted(['init', '--from-har', at('shop.har'), '--out', at('h.yaml'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      file: at('h.yaml'),
      target: { url: 'https://shop.example' },
    });
    expect(stdout).not.toContain('s3cret');
    const { stdout: words } = await hiveHosted([
      'init',
      '--from-har',
      at('shop.har'),
      '--out',
      at('h.yaml'),
      '--force',
    ]);
    expect(words).toMatch(/HIVE_ALLOW_TARGETS=shop\.example/);
  });

  it('imports a log, plain, compressed or from a pipe', async () => {
    await writeFile(at('access.log'), LOG);
    await writeFile(at('access.log.gz'), gzipSync(LOG));
    const wanted = { requests: [{ path: '/items/{key}', weight: 300, keys: { count: 30, distribution: 'uniform' } }] };
    for (const name of ['access.log', 'access.log.gz']) {
      const { code, stdout } = await hiveHosted(['init', '--from-log', at(name), '--out', at(`${name}.yaml`)]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/1 request from 300 lines[\s\S]*A log does not contain the server's address/);
      expect(await written(`${name}.yaml`)).toMatchObject(wanted);
    }
    await writeFile(at('broken.log'), gzipSync(LOG).subarray(0, -9));
    const broken = await hiveHosted(['init', '--from-log', at('broken.log'), '--out', at('broken.yaml')]);
    expect(broken.stdout).toMatch(/The file breaks off or is damaged/);
    expect(broken.code).toBe(0);
    const bin = fileURLToPath(new URL('../bin/hive.js', import.meta.url));
    const child = spawn(process.execPath, [bin, 'init', '--from-log', '-', '--out', at('piped.yaml')], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.end(gzipSync(LOG));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(await written('piped.yaml')).toMatchObject(wanted);
  });

  it.each([
    [['--from-log', 'NONE'], /NONE cannot be read \(ENOENT\)/],
    [['--from-har', 'NONE'], /NONE cannot be read \(ENOENT\)/],
    [['--from-openapi', 'HERE'], /HERE cannot be read \(EISDIR\)/],
    [['--from-openapi', 'a', '--from-har', 'b'], /cannot be used with/],
    [['--url', 'ftp://a'], /--url: 'ftp:\/\/a' is not an http/],
    [['--url', 'http://u:s3cret@a'], /--url has a user or a password/],
    [['--most', '500'], /from 1 to 200/],
  ])('%j is refused: 104', async (args, words) => {
    const { code, stderr } = await hiveHosted([
      'init',
      '--out',
      at('never.yaml'),
      ...args.map((arg) => (arg === 'NONE' ? at('NONE') : arg === 'HERE' ? directory : arg)),
    ]);
    expect(stderr.replaceAll(directory, 'HERE')).toMatch(words);
    expect(stderr).not.toContain('s3cret');
    expect(code).toBe(104);
  });

  it('shows examples in --help', async () => {
    const { stdout } = await hiveHosted(['init', '--help']);
    expect(stdout).toMatch(/hive init --from-openapi openapi\.yaml/);
    expect((await hiveHosted(['--help'])).stdout).toMatch(/^ {2}init +write a hive\.yaml/m);
  });
});
