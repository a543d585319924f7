import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { limitSchema, type Limit } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted, startHive } from './hive-process.js';

interface Report {
  version: number;
  session_id: string;
  target: string;
  verdict: 'passed' | 'failed' | 'undecided' | 'aborted';
  seconds: number;
  scenarios: { id: string; kind: string; intensity: number; verdict: string }[];
  limits: Limit[];
  expectations: { expression: string; outcome: string }[];
}

function parseReport(text: string): Report {
  const report = JSON.parse(text) as Report;
  expect(report).toMatchObject({ version: 1, session_id: expect.stringMatching(/^ses_/), seconds: expect.any(Number) });
  for (const limit of report.limits) limitSchema.parse(limit);
  return report;
}

let practice: Practice;
let data: string;
beforeAll(async () => {
  practice = await startPractice({ workers: 2, serviceMs: 20 });
  data = await preparedData('hive-cli-');
});
afterAll(async () => {
  await practice.close();
  await rm(data, { recursive: true });
});

describe('hive train', () => {
  it('tells the limits as JSON, and 99 for an expectation that is not shown to hold', async () => {
    const args = ['--budget', '6s', '--kinds', 'load_balancing', '--seed', '1', '--data', data, '--json'];
    const { code, stdout, stderr } = await hive(['train', ...args, '--expect', 'load_balancing>=100000', practice.url]);
    const report = parseReport(stdout);
    expect(report.limits.map((limit) => limit.kind)).toEqual(['load_balancing']);
    expect(report.scenarios.length).toBeGreaterThan(0);
    expect(report.seconds).toBeGreaterThan(0);
    expect(report.expectations).toMatchObject([{ expression: 'load_balancing>=100000', outcome: 'failed' }]);
    if (report.verdict === 'failed') expect(code).toBe(99);
    else expect([report.verdict, code]).toEqual(['undecided', 90]);
    expect(stderr).toMatch(/^test +load +result +p99 +reason$/m);
    expect(stderr).toMatch(/^Request rate +(ramp|\d)/m);
  });

  it('does not start where every answer is a 401, and says what to send: 106', async () => {
    const server = createServer((_, response) => response.writeHead(401).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stdout, stderr } = await hiveHosted(['train', '--data', data, `http://127.0.0.1:${port}/`]);
    server.close();
    expect([code, stdout]).toEqual([106, '']);
    expect(stderr).toContain('answers 401 to every request');
    expect(stderr).toContain("-H 'Authorization: Bearer …'");
  });

  it('ends with a partial report and 105 at Ctrl-C', async () => {
    const train = startHive(['train', '--budget', '60s', '--data', data, '--json', practice.url]);
    await train.prints('stderr', /^test/m);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = Date.now();
    train.child.kill('SIGTERM');
    const { code, stdout } = await train.ended;
    expect(code).toBe(105);
    expect(parseReport(stdout).verdict).toBe('aborted');
    expect(Date.now() - before).toBeLessThan(5_000);
  });

  it('says when the data directory cannot be written: 106', async () => {
    const file = join(data, 'a-file');
    await writeFile(file, '');
    // Where nothing can be made at all, Node's recursive mkdir never returns.
    for (const place of [join(file, 'sub'), ...(process.platform === 'linux' ? ['/proc/hive/sub'] : [])]) {
      const { code, stderr } = await hiveHosted(['train', '--budget', '5s', '--data', place, practice.url]);
      expect(code).toBe(106);
      expect(stderr).toContain('--data');
    }
  });

  it.each([
    [['--kinds', 'speed', 'URL'], "'speed' is not a kind"],
    [['--precision', '90%', 'URL'], '--precision'],
    [['--expect', 'load_balancing', 'URL'], '--expect'],
    [['--budget', '5', 'URL'], '--budget'],
    [['--budget', '0s', 'URL'], '--budget: 0 s is too short'],
    [['--kinds', 'load_balancing', '--expect', 'concurrent_requests>=5', 'URL'], 'concurrent_requests is not among'],
    [['--hold', '1m', '--expect', 'concurrent_requests.safe>=5', 'URL'], 'only load_balancing has a rate'],
    [['--hold', '60400ms', '--budget', '2m', 'URL'], 'give 121 s or more'],
    [['--hold', '10s', 'URL'], '--hold: a soak of 10 s shows too little'],
    [['--hold', '5m', '--budget', '2m', 'URL'], '--budget: 120 s is too short to search'],
    [['--hold', '5m', '--kinds', 'concurrent_requests', 'URL'], '--kinds: only load_balancing'],
  ])('%j is a bad argument: 104', async (args, words) => {
    const { code, stderr } = await hiveHosted(['train', ...args.map((arg) => (arg === 'URL' ? practice.url : arg))]);
    expect(stderr).toContain(words);
    expect(code).toBe(104);
  });

  it('tells a bad argument as JSON too', async () => {
    const { code, stdout } = await hiveHosted(['train', '--json', '--budget', '5', practice.url]);
    expect(code).toBe(104);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect(error).toMatchObject({ code: 'validation', message: expect.stringContaining('--budget') as string });
  });

  it('refuses a forbidden address with 92', async () => {
    expect((await hiveHosted(['train', '--budget', '5s', 'http://[::ffff:169.254.169.254]/'])).code).toBe(92);
  });
});
