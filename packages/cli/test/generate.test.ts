import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kindLabel, KINDS, scenarioSchema, type Scenario } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hive, hiveHosted } from './hive-process.js';

interface Report {
  version: number;
  target: string;
  scenarios: Scenario[];
  not_applicable: { kind: string; reason: string }[];
}

let directory: string;
let server: Server;
let url: string;
let asked = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hive-cli-'));
  server = createServer((_, response) => {
    asked += 1;
    response.end();
  });
  server.on('connection', () => (asked += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(
    join(directory, 'hive.yaml'),
    `url: ${url}
id: shop
requests:
  - { name: read }
  - { name: report, path: /report, weight: 0, role: noisy }
  - { name: item, path: '/items/{key}', weight: 0, keys: { count: 100 } }
  - { name: download, path: '/bytes/{bytes}', weight: 0, payload: download }
watch: { pid: ${process.pid} }
`,
  );
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

const data = (): string => join(directory, 'nothing-kept');
const generate = (...args: string[]) => hiveHosted(['generate', ...args, '--data', data()]);

async function report(...args: string[]): Promise<Report> {
  const { stdout, code } = await generate(...args, '--json');
  expect(code).toBe(0);
  const parsed = JSON.parse(stdout) as Report;
  for (const scenario of parsed.scenarios) scenarioSchema.parse(scenario);
  return parsed;
}

describe('hive generate', () => {
  it('shows a scenario of each kind that applies, sends nothing and keeps nothing', async () => {
    const { stdout, stderr, code } = await generate(join(directory, 'hive.yaml'));
    expect([code, stderr]).toEqual([0, '']);
    for (const kind of KINDS) expect(stdout).toMatch(new RegExp(`^${kindLabel(kind)} \\(${kind}\\)  \\d`, 'm'));
    expect(stdout).toMatch(
      /^Request rate \(load_balancing\) {2}\d+ requests\/s, medium \(limit not measured yet\)\n {2}Serve \d+ requests\/s with p99 response time under 250 ms and errors under 1 %\n {2}expected {2}p\(99\)<250 over all planned requests\n/m,
    );
    expect(stdout).toMatch(/140 s judged: Poisson arrivals, 5 times 16 s at \d+ requests\/s and 12 s pause/);
    expect(stdout).toMatch(
      / faults {4}on \d.* % of the connections between Hive and the target\n +3–\S+ s: \w+ \(.*\), downstream\n/,
    );
    expect(stdout).toMatch(/ faults {4}on 100 % .*\n +all the time: latency \(latency \d+, jitter 0\), upstream\n/);
    expect(stdout).not.toContain('does not apply');
    expect(asked).toBe(0);
    expect(existsSync(data())).toBe(false);
  });

  it('says of kinds that cannot be judged why, and what to add', async () => {
    const { stdout, code } = await generate(url);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Memory leak \(memory_optimization\) {2}does not apply\n.*add watch\.pid, or watch\.prometheus/m,
    );
    expect(stdout).toMatch(/^Working set \(cache_efficiency\) {2}does not apply\n.*add one with \{key\} in its path/m);
    const { scenarios, not_applicable } = await report(url);
    expect(scenarios.map(({ kind }) => kind)).toEqual([
      'concurrent_requests',
      'load_balancing',
      'fault_tolerance',
      'network_latency',
    ]);
    expect(not_applicable.map(({ kind }) => kind)).toEqual([
      'resource_allocation',
      'data_processing',
      'memory_optimization',
      'cache_efficiency',
    ]);
  });

  it('ends with 104 when the one kind that was asked for cannot be judged', async () => {
    const { stdout, code } = await hive(['generate', '--kind', 'memory_optimization', url, '--data', data()]);
    expect(stdout).toContain('add watch.pid');
    expect(code).toBe(104);
  });

  it('gives the same scenario again from the same seed, and another from another', async () => {
    const of = async (seed: string): Promise<Omit<Scenario, 'id'>[]> => {
      const { scenarios } = await report('--kind', 'fault_tolerance', '--seed', seed, url);
      return scenarios.map(({ id: _, ...rest }) => rest);
    };
    expect(await of('7')).toEqual(await of('7'));
    expect(await of('8')).not.toEqual(await of('7'));
  });

  it('takes an intensity, or a difficulty, which lie where they should', async () => {
    const [exact] = (await report('--kind', 'network_latency', '--intensity', '80', url)).scenarios;
    expect(exact).toMatchObject({ intensity: 80, unit: 'ms', difficulty: 'medium', calibrated: false });
    const [easy] = (await report('--kind', 'load_balancing', '--difficulty', 'easy', url)).scenarios;
    const [extreme] = (await report('--kind', 'load_balancing', '--difficulty', 'extreme', url)).scenarios;
    expect(easy?.intensity).toBeLessThanOrEqual(100);
    expect(extreme?.intensity).toBeGreaterThan(200);
  });

  it('says so when the intensity that was asked for is brought within the caps', async () => {
    const { stdout, code } = await generate('--kind', 'load_balancing', '--intensity', '99999999', url);
    expect(stdout).toMatch(/^Request rate \(load_balancing\) {2}10,000 requests\/s/);
    expect(stdout).toContain('(99,999,999 requests/s requested; adjusted to what this target allows)');
    expect(code).toBe(0);
    const inside = await generate('--kind', 'concurrent_requests', '--intensity', '8', url);
    expect(inside.stdout).not.toContain('requested');
    expect(inside.stdout).toContain(
      '8 connections, each sends its next request after an answer, at most 10,000 requests/s',
    );
  });

  it.each([
    [['--intensity', '80'], '--kind'],
    [['--kind', 'speed'], 'speed'],
    [['--kind', 'load_balancing', '--intensity', '0'], '--intensity'],
    [['--kind', 'load_balancing', '--intensity', '5', '--difficulty', 'easy'], '--difficulty'],
    [['--objective', 'p(99)<fast'], '--objective'],
  ])('%j is a bad argument: 104', async (args, words) => {
    const { code, stderr } = await generate(...args, url);
    expect(stderr).toContain(words);
    expect(code).toBe(104);
  });
});
