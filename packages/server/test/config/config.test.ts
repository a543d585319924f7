import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HiveError } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';

const refusal = (run: () => unknown): HiveError => {
  try {
    run();
  } catch (error) {
    if (error instanceof HiveError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('loadConfig', () => {
  it('has a default for everything, bound to this machine alone', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8_000,
      dataDir: '.hive',
      databaseUrl: null,
      redisUrl: null,
      token: null,
      allowTargets: [],
      allowHosts: [],
      corsOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000'],
      threads: 1,
      heartbeatUrl: null,
      logLevel: 'info',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('reads every variable', () => {
    const config = loadConfig({
      HIVE_HOST: '0.0.0.0',
      HIVE_PORT: '9000',
      HIVE_DATA: '/var/lib/hive',
      DATABASE_URL: 'postgres://hive@db:5432/hive',
      REDIS_URL: 'redis://cache:6379',
      HIVE_TOKEN: 'long-and-random',
      HIVE_ALLOW_TARGETS: 'shop.example, 10.0.0.0/8,',
      HIVE_ALLOW_HOSTS: 'hive.example, backend',
      HIVE_CORS_ORIGINS: 'https://hive.example/',
      HIVE_THREADS: '4',
      HIVE_HEARTBEAT_URL: 'https://checks.example/ping/1',
      HIVE_LOG_LEVEL: 'debug',
    });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 9_000,
      dataDir: '/var/lib/hive',
      databaseUrl: 'postgres://hive@db:5432/hive',
      redisUrl: 'redis://cache:6379',
      token: 'long-and-random',
      allowTargets: ['shop.example', '10.0.0.0/8'],
      allowHosts: ['hive.example', 'backend'],
      corsOrigins: ['https://hive.example'],
      threads: 4,
      heartbeatUrl: 'https://checks.example/ping/1',
      logLevel: 'debug',
    });
  });

  it('takes an empty variable as absent, and what code says over what the environment says', () => {
    const config = loadConfig({ HIVE_PORT: '', REDIS_URL: '', HIVE_DATA: 'a' }, { dataDir: 'b', host: undefined });
    expect(config).toMatchObject({ port: 8_000, redisUrl: null, dataDir: 'b', host: '127.0.0.1' });
  });

  it("lets pages of the dashboard's own port in", () => {
    expect(loadConfig({ HIVE_DASHBOARD_PORT: '4000' }).corsOrigins).toEqual([
      'http://localhost:4000',
      'http://127.0.0.1:4000',
    ]);
  });

  it('names every problem at once', () => {
    const error = refusal(() =>
      loadConfig({
        HIVE_PORT: 'eighty',
        DATABASE_URL: 'mysql://x',
        HIVE_CORS_ORIGINS: 'everyone',
        HIVE_LOG_LEVEL: 'loud',
      }),
    );
    expect(error.code).toBe('validation');
    expect(error.exitCode).toBe(104);
    for (const name of ['HIVE_PORT', 'DATABASE_URL', 'HIVE_CORS_ORIGINS', 'HIVE_LOG_LEVEL']) {
      expect(error.message).toContain(name);
    }
  });

  it('refuses the keys of a fleet without the address of its server', () => {
    const { code, message } = refusal(() => loadConfig({ HIVE_FLEET_KEYS: 'fleet' }));
    expect([code, message]).toEqual([
      'validation',
      expect.stringMatching(/^NATS_URL must be set where HIVE_FLEET_KEYS is/),
    ]);
    expect(loadConfig({ NATS_URL: 'nats://127.0.0.1:4222' }).fleetKeys).toBeNull();
  });

  it.each(['http://hive.example', 'hive.example:8000', '*', '*.example', '[::1]', 'hive example', '-a', 'a..b'])(
    'refuses the host %s',
    (host) => {
      const { code, message } = refusal(() => loadConfig({ HIVE_ALLOW_HOSTS: `backend,${host}` }));
      expect(code).toBe('validation');
      expect(message).toMatch(/^HIVE_ALLOW_HOSTS must be host names such as /);
    },
  );

  it('answers for the name it listens on', () => {
    const given = { HIVE_HOST: 'hive.example', HIVE_TOKEN: 'secret', HIVE_ALLOW_HOSTS: 'backend' };
    expect(loadConfig(given).allowHosts).toEqual(['backend', 'hive.example']);
    for (const host of ['::1', '127.0.0.1']) expect(loadConfig({ HIVE_HOST: host }).allowHosts).toEqual([]);
  });

  it.each(['70000', '-1', '80.5', 'x'])('refuses the port %s', (port) => {
    expect(refusal(() => loadConfig({ HIVE_PORT: port })).message).toContain('HIVE_PORT');
  });

  it.each(['0', '65', '1.5', 'two'])('refuses %s threads', (threads) => {
    expect(refusal(() => loadConfig({ HIVE_THREADS: threads })).message).toContain(
      'HIVE_THREADS must be a whole number',
    );
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'hive.example', '127.0.0.1.example'])(
    'knows that other machines can reach %s',
    (host) => {
      expect(loadConfig({ HIVE_HOST: host }).beyondLoopback).toBe(true);
    },
  );

  it.each(['127.0.0.1', '127.5.5.5', 'localhost', '::1'])('knows that only this machine can reach %s', (host) => {
    expect(loadConfig({ HIVE_HOST: host }).beyondLoopback).toBe(false);
  });

  it('reads the account of the first admin, whose password is in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hive-config-'));
    const file = join(folder, 'password');
    writeFileSync(file, 'correct horse battery\n');
    const given = { HIVE_ADMIN_EMAIL: 'Ada@example.org', HIVE_ADMIN_PASSWORD_FILE: file };
    const account = { email: 'ada@example.org', password: 'correct horse battery' };
    expect(loadConfig(given).firstAdmin).toEqual({ link: false, account });
    writeFileSync(file, 'short\n');
    expect(refusal(() => loadConfig(given)).message).toContain('HIVE_ADMIN_PASSWORD_FILE: a password has at least 12');
    rmSync(folder, { recursive: true });
    expect(refusal(() => loadConfig(given)).message).toContain('cannot be read');
    expect(refusal(() => loadConfig({ HIVE_ADMIN_EMAIL: 'a@b' })).message).toContain('needed together');
    expect(refusal(() => loadConfig({ HIVE_FIRST_ADMIN: 'yes' })).message).toBe('HIVE_FIRST_ADMIN must be link');
    expect(loadConfig({ HIVE_FIRST_ADMIN: 'link' }).firstAdmin).toEqual({ link: true, account: null });
  });
});
