import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { describe, it } from 'vitest';

/** An outside service that some suites need: its address or path, or the reason why it cannot be used here. */
export type Service = { name: string; value: string; missing: null } | { name: string; value: null; missing: string };

const DETECT_TIMEOUT_MS = 3_000;
/** A server that is there, and busy with the databases of other suites, may be slow to let one in. */
const CONNECTS_WITHIN_MS = 15_000;
const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const [postgresFound, redisFound] = await Promise.all([
  answersPostgres(process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'),
  answersRedis(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'),
]);

/** URL of a PostgreSQL server on which {@link createTestDatabase} may create databases. */
export const postgres: Service = service('PostgreSQL', postgresFound, 'apt-get install postgresql');
/** URL of a Redis server; every key of a test begins with {@link redisPrefix}. */
export const redis: Service = service('Redis', redisFound, 'apt-get install redis-server');
/** Path of a Chromium binary. */
export const chromium: Service = service('Chromium', executableChromium(), 'apt-get install chromium');

/** Path of nginx. */
export const nginx: Service = service('nginx', installed('nginx'), 'apt-get install nginx-light');
/** Path of HAProxy. */
export const haproxy: Service = service('HAProxy', installed('haproxy'), 'apt-get install haproxy');
/** Path of nats-server. */
export const natsServer: Service = service('nats-server', installed('nats-server'), 'apt-get install nats-server');
/** Path of kubectl. */
export const kubectl: Service = service('kubectl', installed('kubectl'), 'apt-get install kubernetes-client');
/** Paths of shells that complete commands. */
export const zsh: Service = service('zsh', installed('zsh'), 'apt-get install zsh');
export const fish: Service = service('fish', installed('fish'), 'apt-get install fish');
/** Path of systemd-analyze. */
export const systemdAnalyze: Service = service(
  'systemd-analyze',
  installed('systemd-analyze'),
  'apt-get install systemd',
);
/** Path of pdftotext; pdftoppm stands beside it. */
export const poppler: Service = service('pdftotext', installed('pdftotext'), 'apt-get install poppler-utils');
/** Path of xmllint. */
export const xmllint: Service = service('xmllint', installed('xmllint'), 'apt-get install libxml2-utils');

/**
 * `describe` for a suite that needs a service. Without it the suite is skipped, its name saying why; under CI=true it fails.
 * `fn` receives the service's value; in a skipped suite that is an empty string, to be used inside hooks and tests only.
 */
export function describeWith(needed: Service, name: string, fn: (value: string) => void): void {
  if (needed.missing === null) {
    describe(name, () => fn(needed.value));
  } else if (process.env['CI'] === 'true') {
    describe(name, () => {
      it(`needs ${needed.name}`, () => {
        throw new Error(needed.missing);
      });
    });
  } else {
    describe.skip(`${name} [skipped: ${needed.missing}]`, () => fn(''));
  }
}

/** A prefix for Redis keys that no other test uses. */
export function redisPrefix(): string {
  return `hive-test-${randomBytes(8).toString('hex')}:`;
}

/** Creates an empty database with a random name on the detected PostgreSQL. `drop` ends every connection to it. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (postgres.value === null) throw new Error(postgres.missing);
  const server = postgres.value;
  const database = `hive_test_${randomBytes(8).toString('hex')}`;
  await runOn(server, `create database ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return { url: url.href, drop: () => runOn(server, `drop database if exists ${database} with (force)`) };
}

function service(name: string, value: string | null, fix: string): Service {
  return value === null
    ? { name, value, missing: `${name} not found; get it with ${fix}` }
    : { name, value, missing: null };
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECTS_WITHIN_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function answersPostgres(url: string): Promise<string | null> {
  return runOn(url, 'select 1').then(
    () => url,
    () => null,
  );
}

async function answersRedis(url: string): Promise<string | null> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: DETECT_TIMEOUT_MS, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return url;
  } catch {
    return null;
  } finally {
    client.disconnect();
  }
}

function executableChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  return (named === undefined ? CHROMIUM_PATHS : [named]).find(isExecutable) ?? null;
}

/** Where a program stands that only root's path may name. */
function installed(name: string): string | null {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/** Path of a program that builds images here: a client without its daemon builds nothing. It takes a moment to find out. */
export function imageEngine(): Service {
  const found = ['docker', 'podman'].map(installed).find((path) => path !== null && answersInfo(path));
  return service('an engine for images', found ?? installed('buildah'), 'apt-get install buildah');
}

function answersInfo(engine: string): boolean {
  return spawnSync(engine, ['info'], { stdio: 'ignore', timeout: DETECT_TIMEOUT_MS }).status === 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
