import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { User } from '@hive/contract';
import { loadConfig, startServer, type Server } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hiveHosted } from './hive-process.js';

let data: string;
let server: Server | null = null;
beforeAll(async () => {
  data = await preparedData('hive-user-');
});
afterAll(async () => {
  await server?.close();
  await rm(data, { recursive: true, force: true });
});

const user = (args: string[], env: Record<string, string> = {}) => hiveHosted(['user', ...args, '--data', data], env);
const signIn = async (email: string, password: string): Promise<number> => {
  const payload = { email, password };
  return (await server?.app.inject({ method: 'POST', url: '/api/auth/sign-in', payload }))?.statusCode ?? 0;
};

describe('hive user', () => {
  it('makes the first admin in data that no Hive holds, with a password that is shown once', async () => {
    expect((await user([])).stdout).toContain('Nobody has an account');
    expect((await user(['add', 'bob@example.org'])).stderr).toContain('the first person must be an admin');
    const added = await user(['add', 'ada@example.org', '--role', 'admin', '--json']);
    const { user: made, password } = JSON.parse(added.stdout) as { user: User; password: string };
    expect(made).toMatchObject({ email: 'ada@example.org', role: 'admin' });
    expect(password).toMatch(/^([a-z2-9]{6}-){3}[a-z2-9]{6}$/);

    server = await startServer(loadConfig({}, { port: 0, dataDir: data, logLevel: 'silent' }));
    expect((await server.app.inject('/api/targets')).statusCode).toBe(401);
    expect(await signIn('ada@example.org', password)).toBe(200);
  });

  it('asks the running Hive as its admin, by the file in its data directory', async () => {
    const { token } = JSON.parse(readFileSync(join(data, 'local-admin'), 'utf8')) as { token: string };
    expect((await user(['add', 'bob@example.org', '--role', 'operator', '--target', 'team=shop'])).stdout).toContain(
      'bob@example.org  operator  only team=shop',
    );
    expect((await user(['change', 'bob@example.org', '--role', 'viewer', '--all-targets'])).stdout).toBe(
      'bob@example.org  viewer  never signed in\n',
    );
    const reset = JSON.parse((await user(['password', 'bob@example.org', '--json'])).stdout) as { password: string };
    expect(await signIn('bob@example.org', reset.password)).toBe(200);
    expect((await user(['sign-out', 'bob@example.org'])).stdout).toBe('Signed bob@example.org out of 1 browser.\n');
    expect((await user(['remove', 'bob@example.org'])).code).toBe(0);
    // What the environment says comes first, and the file is for its own Hive.
    expect((await user([], { HIVE_API_TOKEN: 'wrong', HIVE_TOKEN: token })).stderr).toContain('the token is wrong');
    expect((await user([], { HIVE_TOKEN: token })).stdout).toContain('ada@example.org  admin');
    expect((await user(['list', '--url', `${server?.url}/`])).stderr).toContain('nobody is signed in');
  });

  it('makes a token that another command shows, and revokes it', async () => {
    const token = (args: string[], env: Record<string, string> = {}) =>
      hiveHosted(['token', ...args, '--data', data], env);
    const made = JSON.parse((await token(['add', 'ci', '--expires-in', '24h', '--json'])).stdout) as {
      token: { id: string; token: string };
    };
    expect(made.token.token).toMatch(/^hive_[a-f0-9]{12}_[a-f0-9]{64}_[a-f0-9]{6}$/);
    const shown = { HIVE_API_TOKEN: made.token.token };
    expect((await hiveHosted(['schedule', '--data', data], shown)).stdout).toBe('Nothing is scheduled.\n');
    expect((await token(['add', 'another'], shown)).stderr).toContain('a token makes no other tokens');
    expect((await token([])).stdout).toMatch(/ {2}ci {2}viewer {2}expires \S+ {2}last used /);
    expect((await token(['revoke', made.token.id])).code).toBe(0);
    expect((await hiveHosted(['schedule', '--data', data], shown)).stderr).toContain('was revoked');
    expect((await token(['add'])).stderr).toContain('needs a name');
  });

  it.each([
    [['remove', 'ada@example.org'], 'last admin'],
    [['change', 'eve@example.org', '--role', 'viewer'], 'nobody has the e-mail address'],
    [['add'], 'needs an e-mail address'],
    [['add', 'eve@example.org', '--password-file', '/nowhere'], 'cannot be read'],
    [['add', 'eve'], 'email: write an e-mail address'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await user(args);
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([104, expect.stringContaining(message)]);
  });
});
