import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, startServer, type Server } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hiveHosted } from './hive-process.js';

let data: string;
let server: Server | null = null;
beforeAll(async () => {
  data = await preparedData('hive-secret-');
  await writeFile(join(data, 'value.txt'), 'very-secret\n');
});
afterAll(async () => {
  await server?.close();
  await rm(data, { recursive: true, force: true });
});

const secret = (args: string[]) => hiveHosted(['secret', ...args, '--data', data]);
const file = () => ['--file', join(data, 'value.txt')];

describe('hive secret', () => {
  it('stores a secret in data that no Hive holds, and at the running one', async () => {
    expect((await secret([])).stdout).toBe('No secret is stored.\n');
    expect((await secret(['set', 'PD_SHOP', ...file()])).stdout).toBe('Stored PD_SHOP.\n');
    server = await startServer(loadConfig({}, { port: 0, dataDir: data, logLevel: 'silent' }));
    const set = await secret(['set', 'HIVE_SECRET_TOKEN', ...file(), '--json']);
    expect(JSON.parse(set.stdout)).toMatchObject({ secret: { name: 'HIVE_SECRET_TOKEN', forTargets: true } });
    const { stdout } = await secret([]);
    expect(stdout).toMatch(/^HIVE_SECRET_TOKEN {2}targets and channels {2}set \S+\nPD_SHOP {2}channels {2}set \S+\n$/);
    expect(set.stdout + stdout).not.toContain('very-secret');
    expect((await secret(['remove', 'PD_SHOP'])).stdout).toBe('Removed PD_SHOP.\n');
    expect((await secret(['remove', 'PD_SHOP'])).stderr).toContain('there is no stored secret named PD_SHOP');
  });

  it.each([
    [['set'], 'needs a name'],
    [['set', 'not-a-name'], 'name: write letters'],
    [['set', 'NAME', '--file', '/nowhere'], 'cannot be read'],
    [['set', 'NAME', '--file', '/dev/null'], 'value:'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await secret(args);
    expect([code, stderr]).toEqual([104, expect.stringContaining(message)]);
  });
});
