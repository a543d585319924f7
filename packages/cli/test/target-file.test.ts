import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPractice, type Practice } from '@hive/engine';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { readTarget } from '../src/arguments/target-file.js';
import { define as defineRun } from '../src/commands/run.js';
import { define as defineTrain } from '../src/commands/train.js';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted } from './hive-process.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hive-cli-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

/** What a command line comes to, without its action. */
async function read(name: 'run' | 'train', args: string[], environment: Record<string, string> = {}) {
  const command = new Command(name).exitOverride();
  (name === 'run' ? defineRun : defineTrain)(command, () => {});
  command.action(() => {});
  await command.parseAsync(args, { from: 'user' });
  return readTarget(command.args[0] ?? '', command.opts<Record<string, unknown>>(), { command, environment });
}

const HIVE_YAML = `
url: http://127.0.0.1:8080
headers: { authorization: 'Bearer \${TOKEN}' }
requests:
  - { name: first, path: /a }
  - { name: second, path: /b, headers: { x-own: own } }
objectives: [avg<80]
train:
  kinds: [load_balancing, concurrent_requests]
  budget: 90s
  expect: ['load_balancing>=500', 'concurrent_requests>=10']
  seed: 7
run:
  rate: 100/s
  duration: 30s
  maxWaiting: 5
`;

describe('readTarget', () => {
  it('takes target and defaults from a file; secrets stay as they are written', async () => {
    const path = await file('hive.yaml', HIVE_YAML);
    const { target, options } = await read('train', [path], { TOKEN: 's3cret' });
    expect(target).toMatchObject({
      id: '127.0.0.1-8080',
      objectives: ['avg<80'],
      requests: [{ path: '/a' }, { path: '/b' }],
    });
    expect(target.requests[0]?.headers).toEqual({ authorization: 'Bearer ${TOKEN}' });
    expect(options).toMatchObject({
      kinds: ['load_balancing', 'concurrent_requests'],
      budget: 90_000,
      seed: 7,
      precision: 0.05,
    });
    expect(options['expect']).toMatchObject([{ value: 500 }, { value: 10 }]);
    const run = await read('run', [path], { TOKEN: 's3cret' });
    expect(run.options).toMatchObject({ rate: 100, duration: 30_000, maxWaiting: 5, timeout: 10_000 });
  });

  it('puts the command line before the environment, the environment before the file, the file before the default', async () => {
    const path = await file('hive.yaml', HIVE_YAML);
    const environment = {
      TOKEN: 'x',
      HIVE_BUDGET: '60s',
      HIVE_SEED: '8',
      HIVE_PRECISION: '10%',
      HIVE_DATA: 'elsewhere',
    };
    const { options, target } = await read(
      'train',
      ['--budget', '30s', '--objective', 'p(99)<9', '-H', 'X-Own: mine', path],
      environment,
    );
    expect(options).toMatchObject({ budget: 30_000, seed: 8, precision: 0.1, kinds: { length: 2 } });
    expect(options).not.toHaveProperty('data');
    expect(target.objectives).toEqual(['p(99)<9']);
    expect(target.requests[1]?.headers).toEqual({ authorization: 'Bearer ${TOKEN}', 'X-Own': 'mine' });
    expect((await read('train', ['http://127.0.0.1:1'], environment)).options).toMatchObject({ budget: 60_000 });
  });

  it('takes a URL as before, with or without a scheme', async () => {
    for (const url of ['http://127.0.0.1:1/a.yaml', '127.0.0.1:1/a.yaml']) {
      expect((await read('run', [url])).target).toMatchObject({ requests: [{ path: '/a.yaml' }] });
    }
    const { target } = await read('run', ['http://127.0.0.1:1/', '-H', 'a: ${TOKEN}'], { TOKEN: 'x' });
    expect(target.requests[0]?.headers).toEqual({ a: '${TOKEN}' });
  });

  it('takes a unix socket beside a URL, in full or from here', async () => {
    const { target } = await read('run', ['--unix-socket', '/run/app.sock', 'http://app/x?y=1']);
    expect(target).toMatchObject({
      id: 'run-app.sock-x',
      nodes: [{ url: 'http://app', socket: '/run/app.sock' }],
      requests: [{ path: '/x?y=1' }],
    });
    const here = await read('run', ['--unix-socket', 'app.sock', 'http://app/']);
    expect(here.target.nodes[0]?.socket).toBe(join(process.cwd(), 'app.sock'));
  });

  it('says everything that is wrong at once', async () => {
    const path = await file('bad.yaml', 'url: http://a\nheadrs: {}\nrun:\n  rate: fast\n  duratoin: 5s\n');
    await expect(read('run', [path])).rejects.toThrow(
      /3 problems:\n.*bad\.yaml:2:1: headrs: is unknown: did you mean headers\?\n.*:4:9: run\.rate: .*'fast' is not a rate.*\n.*:5:3: run\.duratoin: .*did you mean duration\?/,
    );
  });

  it.each([
    [['none.yaml'], {}, /none\.yaml cannot be read \(ENOENT\)/],
    [['http://127.0.0.1:1', '-H', 'a: ${NOPE}'], {}, /need NOPE, not set/],
    [['http://127.0.0.1:1'], { HIVE_RATE: 'x' }, /HIVE_RATE: 'x' is not a rate/],
    [['HIVE', '-X', 'POST'], { TOKEN: 'x' }, /-X works with a URL only/],
    [['HIVE', '--body', 'x'], { TOKEN: 'x' }, /--body works with a URL only/],
    [['HIVE', '--unix-socket', '/run/a.sock'], { TOKEN: 'x' }, /--unix-socket works with a URL only/],
    [['http://a/', '--unix-socket', `/${'a'.repeat(200)}`], {}, /too long for a socket path/],
    [['HIVE'], {}, /needs TOKEN/],
  ])('%j with %j is refused', async (args, environment, words) => {
    const path = await file('hive.yaml', HIVE_YAML);
    await expect(
      read(
        'run',
        args.map((arg) => (arg === 'HIVE' ? path : arg)),
        environment as Record<string, string>,
      ),
    ).rejects.toThrow(words);
  });
});

describe('a hive.yaml on the command line', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await startPractice({ workers: 2, serviceMs: 5 });
  });
  afterAll(() => practice.close());

  it('is run', async () => {
    const text = `url: ${practice.url}\nrequests: [{ path: '/items/{key}', keys: { count: 5 } }]\nrun: { rate: 200/s, duration: 1s, seed: 1 }\n`;
    const { code, stdout } = await hive(['run', '--json', await file('run.yaml', text)]);
    expect(JSON.parse(stdout)).toMatchObject({ durationMs: 1_000, errors: {} });
    expect([0, 90, 99]).toContain(code);
  });

  itSlow('is trained on', async () => {
    const text = `id: mine\nurl: ${practice.url}\ntrain: { budget: 6s, kinds: load_balancing, seed: 1 }\n`;
    const path = await file('train.yaml', text);
    const data = await preparedData('hive-cli-');
    const { stdout } = await hive(['train', '--json', '--data', data, path]);
    expect(JSON.parse(stdout)).toMatchObject({ target: 'mine', limits: [{ kind: 'load_balancing' }] });
    await rm(data, { recursive: true });
  });

  it('is not loaded beyond the caps that it writes: 92', async () => {
    const path = await file('capped.yaml', `url: ${practice.url}\nsafety: { maxRatePerSecond: 50 }\n`);
    const { code, stderr } = await hiveHosted(['run', '-r', '60/s', '-d', '1s', path]);
    expect([code, stderr]).toEqual([
      92,
      expect.stringContaining("60 exceeds the target's safety.maxRatePerSecond (50)"),
    ]);
    const within = await hive(['run', '-r', '50/s', '-d', '1s', '-c', '2000', '--json', path]);
    expect(JSON.parse(within.stdout)).toMatchObject({ maxConnections: 2_000 });
  });

  it.each([
    [['--hold', '10s'], {}, '--hold: a soak of 10 s shows too little'],
    [[], { HIVE_HOLD: '20s' }, 'HIVE_HOLD: a soak of 20 s shows too little'],
    [[], {}, 'train.hold: a soak of 30 s shows too little'],
    [['--hold', '1m'], { HIVE_BUDGET: '30s' }, 'HIVE_BUDGET: 30 s is too short to search'],
    [['--hold', '1m'], { HIVE_EXPECT: 'concurrent_requests.safe>=5' }, 'HIVE_EXPECT: '],
  ])('is told what an option is called where it was given: %j %j', async (args, env, words) => {
    const held = await file('held.yaml', `url: ${practice.url}\ntrain: { hold: 30s }\n`);
    const { code, stderr } = await hiveHosted(['train', ...args, held], env);
    expect(stderr).toContain(words);
    expect(code).toBe(104);
  });

  it('that is wrong ends with 104', async () => {
    const { code, stderr } = await hiveHosted(['train', await file('wrong.yaml', 'url: http://a\nsafty: {}\n')]);
    expect(stderr).toMatch(/wrong\.yaml:2:1: safty: is unknown: did you mean safety\?/);
    expect(code).toBe(104);
  });
});
