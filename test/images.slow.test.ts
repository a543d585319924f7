import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createClient } from '@hive/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { answers, eventually, freePorts } from './e2e/hive-process.js';
import { createTestDatabase, describeWith, imageEngine, postgres, redis, redisPrefix } from './services.js';

const ROOT = dirname(import.meta.dirname);
/** Above the base, which all images of Node share. */
const MOST_BACKEND_MB = 250;
/** From which base, as scripts/images.sh takes it; where it is not given, from the registry's. */
const BASE = process.env['NODE_IMAGE'] ?? 'node:24-bookworm-slim';
const compose = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8')) as {
  services: Record<string, { command?: string[]; environment?: Record<string, string> }>;
};
const TAG = `test-${randomBytes(6).toString('hex')}`;

describeWith(imageEngine(), 'the images', (engine) => {
  const isBuildah = engine.endsWith('buildah');
  const run = (...args: string[]): string => execFileSync(engine, args, { encoding: 'utf8', timeout: 120_000 }).trim();
  const names = { backend: `hive-backend:${TAG}`, dashboard: `hive-dashboard:${TAG}` };

  beforeAll(() => {
    const built = spawnSync(join(ROOT, 'scripts/images.sh'), {
      env: { ...process.env, ENGINE: engine, TAG, NODE_IMAGE: BASE },
      stdio: 'inherit',
    });
    expect(built.status).toBe(0);
  }, 3_000_000);
  afterAll(() => {
    for (const name of Object.values(names)) spawnSync(engine, isBuildah ? ['rmi', name] : ['image', 'rm', name]);
  });

  it('are small, and say how they are run', () => {
    const size = (name: string): number => bytesOf(run('images', '--format', '{{.Size}}', name));
    expect((size(names.backend) - size(BASE)) / 1e6).toBeLessThan(MOST_BACKEND_MB);
    for (const name of Object.values(names)) {
      const config = configOf(name);
      expect(config.User).toBe('node');
      expect(config.Healthcheck?.Test[0]).toBe('CMD');
    }
  });

  function configOf(name: string): Config {
    const inspected = JSON.parse(
      run(...(isBuildah ? ['inspect', '--type', 'image', name] : ['image', 'inspect', name])),
    ) as unknown;
    return isBuildah
      ? (inspected as { Docker: { config: Config } }).Docker.config
      : (inspected as { Config: Config }[])[0]!.Config;
  }

  /** What the image's own check says of a container whose port `inside` is `port` here. */
  function isHealthy(name: string, inside: number, port: number): boolean {
    const [, program, ...args] = configOf(name).Healthcheck!.Test;
    const here = args.map((arg) => arg.replace(`:${inside}`, `:${port}`));
    return spawnSync(program!, here, { timeout: 10_000 }).status === 0;
  }

  /** A container of the image with this environment, on this machine's own network; it has to end by itself, with the others of the test. */
  async function within<Result>(
    name: string,
    environment: Record<string, string>,
    command: readonly string[],
    use: () => Promise<Result>,
  ): Promise<Result> {
    const set = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const container = isBuildah ? run('from', '--pull-never', name) : `hive-${randomBytes(6).toString('hex')}`;
    const args = isBuildah
      ? ['run', '--isolation', 'chroot', ...set, container, '--', ...configOf(name).Entrypoint, ...command]
      : ['run', '--rm', '--name', container, '--network', 'host', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL']
          .concat(['--tmpfs', '/var/lib/hive:mode=1777', ...set, name])
          .concat(command);
    const child = spawn(engine, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      return await Promise.race([
        use(),
        ended.then((): never => {
          throw new Error(`${name} ended with ${child.exitCode}`);
        }),
      ]);
    } finally {
      if (!isBuildah) spawnSync(engine, ['stop', container]);
      child.kill('SIGTERM');
      await ended;
      if (isBuildah) run('rm', container);
    }
  }

  it.each([
    ['backend', 8000, '/api/health'],
    ['dashboard', 3000, '/'],
  ] as const)('%s starts as user node, and its own health check passes', async (what, inside, path) => {
    const [port] = await freePorts();
    const environment = {
      HIVE_TOKEN: 'a-long-token-for-this-test',
      HIVE_API_URL: 'http://127.0.0.1:1',
      HIVE_PORT: `${port}`,
      PORT: `${port}`,
    };
    const command = what === 'backend' ? ['up', '--no-dashboard'] : [];
    await within(names[what], environment, command, async () => {
      await eventually(`${what} answers`, 60_000, () => answers(`http://127.0.0.1:${port}${path}`));
      expect(isHealthy(names[what], inside, port)).toBe(true);
    });
    expect(isHealthy(names[what], inside, port)).toBe(false);
  });

  const needed = [postgres, redis].find(({ missing }) => missing !== null) ?? redis;
  describeWith(needed, 'with the environment of compose.yaml, PostgreSQL and Redis', () => {
    it('find a limit of the practice target, and show the dashboard', async () => {
      const [port, dashboardPort] = await freePorts();
      const database = await createTestDatabase();
      const backend = environmentOf('backend', {
        DATABASE_URL: database.url,
        REDIS_URL: redis.value!,
        HIVE_REDIS_PREFIX: redisPrefix(),
        HIVE_PORT: `${port}`,
      });
      const dashboard = environmentOf('dashboard', {
        HIVE_API_URL: `http://127.0.0.1:${port}`,
        PORT: `${dashboardPort}`,
      });
      const api = createClient({ baseUrl: `http://127.0.0.1:${port}`, token: backend['HIVE_TOKEN']! });
      const { command = [] } = compose.services['backend']!;
      try {
        await within(names.backend, backend, command, async () => {
          await eventually('the API answers', 60_000, () => answers(`http://127.0.0.1:${port}/api/health`));
          await within(names.dashboard, dashboard, [], async () => {
            await eventually('the dashboard answers', 60_000, () => answers(`http://127.0.0.1:${dashboardPort}/`));
            const page = await fetch(`http://127.0.0.1:${dashboardPort}/`);
            expect(page.headers.get('content-security-policy')).toContain(`:${port}`);
            await api.call('startTraining', {
              body: { target: 'practice', kinds: ['load_balancing'], budgetSeconds: 60, precision: 0.25 },
            });
            await eventually('a session ended', 180_000, async () => {
              const [session] = (await api.call('listSessions', {})).sessions;
              return session?.status === 'completed';
            });
            const { limits } = await api.call('targetLimits', { params: { id: 'practice' } });
            expect(limits.find(({ kind }) => kind === 'load_balancing')?.high ?? 0).toBeGreaterThan(100);
          });
        });
      } finally {
        await database.drop();
      }
    });
  });
});

/** What compose.yaml sets for a service whose variables of .env are these alone: the password and the token; `here` instead of other containers. */
function environmentOf(service: string, here: Record<string, string>): Record<string, string> {
  const given: Record<string, string> = { POSTGRES_PASSWORD: 'of-this-test', HIVE_TOKEN: 'a-long-token-for-this-test' };
  const filled = Object.entries(compose.services[service]?.environment ?? {}).map(([name, text]) => {
    const variable = /\$\{(\w+)(?::([-?+])([^}]*))?\}/g;
    const value = text.replace(
      variable,
      (_: string, key: string, how: string | undefined, rest: string | undefined) => {
        const is = given[key];
        if (how === '+') return is === undefined ? '' : (rest ?? '');
        return is ?? (how === '-' ? (rest ?? '') : '');
      },
    );
    return [name, value] as const;
  });
  return { ...Object.fromEntries(filled.filter(([, value]) => value !== '')), ...here };
}

interface Config {
  User: string;
  Entrypoint: string[];
  Healthcheck?: { Test: string[] };
}

/** `512 MB`, as engines print it. */
function bytesOf(text: string): number {
  const [, value, unit = ''] = /([\d.]+)\s*([kMG]?)i?B/.exec(text) ?? [];
  return Number(value) * ({ k: 1e3, M: 1e6, G: 1e9 }[unit] ?? 1);
}
