import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hiveHosted } from './hive-process.js';

let folder: string;
let keys: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hive-fleet-'));
  keys = join(folder, 'keys');
  expect((await hiveHosted(['fleet', 'init', keys])).stdout).toContain(`nats-server -c ${join(keys, 'nats.conf')}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const env = (): Record<string, string> => ({ NATS_URL: 'nats://127.0.0.1:4222', HIVE_FLEET_KEYS: keys });

it('invites: the join string is all that stdout has', async () => {
  const { code, stdout, stderr } = await hiveHosted(['fleet', 'invite', 'eu-1', '--region', 'eu'], env());
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^hive-join-\S+\n$/)]);
  expect(stderr).toContain('a secret, good once until');
  const again = await hiveHosted(['fleet', 'invite', 'eu-1'], env());
  expect([again.code, again.stderr]).toEqual([104, expect.stringContaining('hive fleet revoke eu-1')]);
  const { stdout: json } = await hiveHosted(['fleet', 'invite', 'us-1', '--json'], env());
  expect(JSON.parse(json)).toMatchObject({ version: 1, name: 'us-1', region: null, join: expect.any(String) });
});

it('revokes, and names those that there are', async () => {
  await hiveHosted(['fleet', 'invite', 'eu-2'], env());
  expect((await hiveHosted(['fleet', 'revoke', 'eu-2'], env())).stdout).toContain('Revoked eu-2.');
  const { code, stderr } = await hiveHosted(['fleet', 'revoke', 'eu-2'], env());
  expect([code, stderr]).toEqual([104, expect.stringContaining('there are eu-1')]);
});

it.each([
  [['fleet', 'invite', 'x'], { HIVE_FLEET_KEYS: '' }, 'HIVE_FLEET_KEYS is not set'],
  [['fleet', 'invite', 'x'], { NATS_URL: '' }, 'NATS_URL is not set'],
  [['fleet', 'invite', 'x'], { HIVE_FLEET_KEYS: '/nowhere' }, '/nowhere/hub.seed cannot be read'],
  [['fleet', 'invite', 'X.y'], {}, "name: 'X.y' cannot be used"],
  [['fleet', 'init', '/tmp/x', '--tls-cert', 'a'], {}, '--tls-key is missing'],
  [['fleet', 'sink', 'x'], {}, 'list, init, invite, revoke'],
  [['fleet', 'init'], {}, 'hive fleet init needs a directory'],
  [['fleet', 'revoke'], {}, 'hive fleet revoke needs a name'],
])('%j with %j says what is wrong', async (args, more, told) => {
  const { code, stderr } = await hiveHosted(args, { ...env(), ...more });
  expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([104, expect.stringContaining(told)]);
});

it('lists nobody where it cannot ask', async () => {
  const { code, stdout, stderr } = await hiveHosted(['fleet'], { ...env(), NATS_URL: 'nats://127.0.0.1:1' });
  expect([code, stdout, stderr]).toEqual([106, '', expect.stringContaining('cannot reach the NATS server')]);
});
