import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted, startHive, type HiveProcess } from './hive-process.js';

const SECRET = 'Zq7-only-the-target-may-see-this';
const withSecret = { HIVE_SECRET_SHOP: SECRET, HIVE_LOG_LEVEL: 'trace' };

let service: Server;
let url: string;
let folder: string;
const folders: string[] = [];
const received = new Set<string | undefined>();
const bodies = new Set<string>();
beforeAll(async () => {
  service = createServer((request, response) => {
    const { headers } = request;
    received.add(headers.authorization);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (chunks.length > 0) bodies.add(Buffer.concat(chunks).toString());
      response.setHeader('x-token', 'token-of-shop').end('ok');
    });
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

  it('is the stored one where the environment has none, and what is missing is named', async () => {
    received.clear();
    const data = await preparedData('hive-secret-');
    folders.push(data);
    const file = join(folder, 'login.yaml');
    const login = "{ method: POST, path: /token, form: { key: '${HIVE_SECRET_SHOP}' } }";
    const auth = `{ request: ${login}, token: { header: x-token }, send: 'authorization: Bearer {token}' }`;
    await writeFile(file, `url: ${url}\nid: shop\nauth: ${auth}\n`);
    const args = ['run', '-c', '1', '-d', '500ms', '--save', '--data', data, file];
    const missing = await hiveHosted(args);
    expect(missing.code).toBe(104);
    expect(missing.stderr.replaceAll(/\s+/g, ' ')).toContain('hive secret set HIVE_SECRET_SHOP');

    await writeFile(join(folder, 'value.txt'), SECRET);
    expect(
      (await hiveHosted(['secret', 'set', 'HIVE_SECRET_SHOP', '--file', join(folder, 'value.txt'), '--data', data]))
        .code,
    ).toBe(0);
    bodies.clear();
    const { code, stdout, stderr } = await hive(args);
    expect([code, stderr.includes(SECRET), stdout.includes(SECRET)]).toEqual([0, false, false]);
    expect([...bodies]).toContain(`key=${SECRET}`);
    expect([...received]).toContain('Bearer token-of-shop');

    // A scenario names its target: a file, or a stored one.
    const scenario = join(folder, 'scenario.yaml');
    for (const named of itSlow === it ? ['login.yaml', 'shop'] : ['shop']) {
      await writeFile(scenario, `target: ${named}\nkind: load_balancing\nintensity: 20\ndurationSeconds: 1\n`);
      bodies.clear();
      const { stderr: said } = await hiveHosted(['run', '--data', data, scenario]);
      expect([named, said.includes('hive secret set'), [...bodies]]).toEqual([named, false, [`key=${SECRET}`]]);
    }
  });
});
