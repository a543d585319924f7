import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, startHive, type HiveProcess } from './hive-process.js';

const SECRET = 'Zq7-only-the-target-may-see-this';
const withSecret = { HIVE_SECRET_SHOP: SECRET, HIVE_LOG_LEVEL: 'trace' };

let service: Server;
let url: string;
let folder: string;
const folders: string[] = [];
const received = new Set<string | undefined>();
beforeAll(async () => {
  service = createServer(({ headers }, response) => {
    received.add(headers.authorization);
    response.end('ok');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'hive-secret-'));
  folders.push(folder);
});
afterAll(async () => {
  service.close();
  service.closeAllConnections();
  for (const one of folders) await rm(one, { recursive: true, force: true });
});

/** Files below a folder that hold the secret. */
async function holding(data: string): Promise<string[]> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(files.map(async (file) => ((await readFile(file)).includes(SECRET) ? [file] : [])));
  expect(files.length).toBeGreaterThan(0);
  return found.flat();
}

describe('the value of ${HIVE_SECRET_SHOP}', () => {
  it('is sent to the target, and neither stored, logged nor returned by the API', async () => {
    const data = await preparedData('hive-secret-');
    folders.push(data);
    const running: HiveProcess = startHive(
      ['up', '--no-dashboard', '--port', '0', '--data', data, '--json'],
      withSecret,
    );
    const { api } = JSON.parse(await running.prints('stdout', /\n/)) as { api: string };
    const told: string[] = [];
    const ask = async (path: string, body?: unknown): Promise<{ id: string }> => {
      const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await fetch(`${api}${path}`, body === null ? { method: 'POST' } : body === undefined ? {} : json);
      const text = await answer.text();
      told.push(text);
      expect([path, answer.status < 300 ? 'well' : text]).toEqual([path, 'well']);
      return JSON.parse(text) as { id: string };
    };
    try {
      const requests = [{ headers: { authorization: 'Bearer ${HIVE_SECRET_SHOP}' } }];
      await ask('/api/targets', { id: 'shop', url, requests, safety: { maxSeconds: 2 } });
      const { id } = await ask('/api/scenarios/generate', { kind: 'load_balancing', intensity: 50, seed: 1 });
      await ask(`/api/scenarios/${id}/execute?wait=true`, null);
      for (const path of ['/api/targets/shop', '/api/sessions', `/api/scenarios/${id}`]) await ask(path);
    } finally {
      running.child.kill('SIGTERM');
    }
    const { stdout, stderr } = await running.ended;

    expect([...received]).toEqual([`Bearer ${SECRET}`]);
    expect(told.join('\n')).toContain('Bearer ${HIVE_SECRET_SHOP}');
    expect(told.join('\n') + stdout + stderr).not.toContain(SECRET);
    expect(await holding(data)).toEqual([]);
  });

  it('is not in what hive run prints and keeps', async () => {
    received.clear();
    const data = await preparedData('hive-secret-');
    folders.push(data);
    const file = join(folder, 'hive.yaml');
    await writeFile(file, `url: ${url}\nheaders: { authorization: 'Bearer \${HIVE_SECRET_SHOP}' }\n`);
    const { stdout, stderr } = await hive(
      ['run', '-c', '2', '-d', '1s', '--save', '--json', '--data', data, file],
      withSecret,
    );
    expect([...received]).toEqual([`Bearer ${SECRET}`]);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(await holding(data)).toEqual([]);
  });
});
