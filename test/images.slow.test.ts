import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, freePorts } from './e2e/hive-process.js';
import { describeWith, imageEngine } from './services.js';

const ROOT = dirname(import.meta.dirname);
/** Above the base, which all images of Node share. */
const MOST_BACKEND_MB = 250;
/** From which base, as scripts/images.sh takes it; where it is not given, from the registry's. */
const BASE = process.env['NODE_IMAGE'] ?? 'node:24-bookworm-slim';
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
      const inspected = JSON.parse(
        run(...(isBuildah ? ['inspect', '--type', 'image', name] : ['image', 'inspect', name])),
      ) as unknown;
      const config = isBuildah
        ? (inspected as { Docker: { config: Config } }).Docker.config
        : (inspected as { Config: Config }[])[0]!.Config;
      expect(config.User).toBe('node');
      expect(config.Healthcheck?.Test[0]).toBe('CMD');
    }
  });

  it.each([
    ['backend', 8000, '/api/health'],
    ['dashboard', 3000, '/'],
  ] as const)('%s starts as user node, and its own health check passes', async (what, inside, path) => {
    const [port] = await freePorts();
    const name = names[what];
    const secrets = { HIVE_TOKEN: 'a-long-token-for-this-test', HIVE_API_URL: 'http://127.0.0.1:1' };
    const env = Object.entries({ ...secrets, ...(isBuildah ? { HIVE_PORT: `${port}`, PORT: `${port}` } : {}) });
    const set = env.flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const container = isBuildah ? run('from', '--pull-never', name) : `hive-${what}-${TAG}`;
    const command =
      what === 'backend' ? ['packages/cli/bin/hive.js', 'up', '--no-dashboard'] : ['packages/dashboard/server.js'];
    const args = isBuildah
      ? ['run', '--isolation', 'chroot', ...set, container, '--', 'node', ...command]
      : ['run', '--rm', '--name', container, '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', ...set]
          .concat(what === 'backend' ? ['--tmpfs', '/var/lib/hive:mode=1777'] : [])
          .concat(['--publish', `127.0.0.1:${port}:${inside}`, name]);
    const child = spawn(engine, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      await eventually(`${what} answers`, 60_000, async () => {
        if (child.exitCode !== null) throw new Error(`${what} ended with ${child.exitCode}`);
        const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
        return answer !== null && answer.status === 200;
      });
    } finally {
      if (!isBuildah) spawnSync(engine, ['stop', container]);
      child.kill('SIGTERM');
      await ended;
      if (isBuildah) run('rm', container);
    }
  });
});

interface Config {
  User: string;
  Healthcheck?: { Test: string[] };
}

/** `512 MB`, as engines print it. */
function bytesOf(text: string): number {
  const [, value, unit = ''] = /([\d.]+)\s*([kMG]?)i?B/.exec(text) ?? [];
  return Number(value) * ({ k: 1e3, M: 1e6, G: 1e9 }[unit] ?? 1);
}
