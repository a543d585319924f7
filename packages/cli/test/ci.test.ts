import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { hive, hiveHosted } from './hive-process.js';

describe('hive in CI', () => {
  let folder: string;
  let practice: Practice;
  const file = (name: string): string => join(folder, name);
  const run = (...more: string[]): string[] => [
    'run',
    '-r',
    '50/s',
    '-d',
    '2s',
    '--data',
    file('none'),
    ...more,
    practice.url,
  ];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hive-ci-'));
    practice = await startPractice({ workers: 4, serviceMs: 5 });
  });
  afterAll(async () => {
    await practice.close();
    rmSync(folder, { recursive: true });
  });

  it('adds its report to the summary of a GitHub job, and annotations to its log', async () => {
    writeFileSync(file('summary.md'), '# Build\n');
    const args = run('--objective', 'p(50)<0.001', '--github', '--json');
    const { code, stdout, stderr } = await hive(args, { GITHUB_STEP_SUMMARY: file('summary.md') });
    expect(code).not.toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1 });
    expect(stderr).toMatch(/^::error title=Hive::/m);
    expect(readFileSync(file('summary.md'), 'utf8')).toMatch(/^# Build\n# Load test of /);
  });

  it('says where --github works', async () => {
    const { code, stderr } = await hiveHosted(run('--github'));
    expect([code, stderr]).toEqual([104, expect.stringContaining('--github: GITHUB_STEP_SUMMARY is not set')]);
  });

  it('writes the files that GitLab reads', async () => {
    await hive(run('--gitlab'), {}, folder);
    expect(readFileSync(file('hive-junit.xml'), 'utf8')).toContain('<testsuite ');
    expect(readFileSync(file('hive-metrics.prom'), 'utf8')).toMatch(/# EOF\n$/);
  });

  it('sends each second to a file and to a collector while it runs', async () => {
    const bodies: string[] = [];
    const collector: Server = createServer((request, response) => {
      let body = '';
      request
        .on('data', (part) => (body += part))
        .on('end', () => {
          bodies.push(body);
          response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
      await hive(run('--out', `csv=${file('a.csv')}`, '--out', file('b.csv'), '--out', `otlp=${url}`));
    } finally {
      collector.close();
    }
    const rows = readFileSync(file('a.csv'), 'utf8').trim().split('\n');
    expect(rows[0]).toContain('response_time_p95_ms');
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(readFileSync(file('b.csv'), 'utf8').trim().split('\n')).toHaveLength(rows.length);
    expect(bodies.join('')).toContain('hive.response_time');
  });

  itSlow('ends as it would without a collector that is not there, and says what was lost', async () => {
    const { stderr, stdout } = await hive(run('--json', '--out', 'otlp=http://127.0.0.1:1'));
    expect(JSON.parse(stdout)).toMatchObject({ answered: expect.any(Number) });
    expect(stderr).toMatch(/seconds did not reach the collector/);
  });

  it.each([
    [['--out', 'influx=http://127.0.0.1'], /'influx' is no output/],
    [['--out', 'otlp=collector'], /'collector' is not the address of a collector/],
    [['--out', join(tmpdir(), 'no-such-folder', 'a.csv')], /cannot be written/],
  ])('refuses %j before anything is sent', async (more, message) => {
    const { code, stderr } = await hiveHosted(run(...more));
    expect([code, stderr]).toEqual([104, expect.stringMatching(message)]);
  });
});
