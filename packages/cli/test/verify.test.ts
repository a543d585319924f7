import { rmSync } from 'node:fs';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted } from './hive-process.js';
import type { VerifyReport } from './verify-report.js';

let practice: Practice;
let data: string;
beforeAll(async () => {
  practice = await startPractice({ workers: 4, serviceMs: 10 });
  data = await preparedData('hive-verify-');
});
afterAll(async () => {
  await practice.close();
  rmSync(data, { recursive: true });
});

/** What takes two runs that broke is in verify.slow.test.ts. */
describe('hive verify', { timeout: 120_000 }, () => {
  itSlow('answers yes to a rate that the service carries, as JSON too', async () => {
    const { code, stdout, stderr } = await hive([
      'verify',
      '--at',
      '20/s',
      '--for',
      '5s',
      '--objective',
      'p(99)<2000',
      '--json',
      '--data',
      data,
      '--label',
      'branch=main',
      practice.url,
    ]);
    const report = JSON.parse(stdout) as VerifyReport;
    expect(report).toMatchObject({ version: 1, answer: 'yes', at_per_second: 20, end_code: 'goal' });
    expect(report.runs.at(-1)).toMatchObject({ intensity: 20, seconds: 15 });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Request rate +20 requests/m);
    const kept = await hive(['report', '--format', 'json', '--data', data]);
    expect(JSON.parse(kept.stdout)).toMatchObject({
      session: {
        mode: 'verify',
        answer: 'yes',
        question: { at_per_second: 20, for_seconds: 5 },
        labels: { branch: 'main' },
      },
      verdict: { outcome: 'passed', headline: expect.stringMatching(/^Yes: 20 requests\/s held/) },
      expectations: [{ expression: 'load_balancing>=20', outcome: 'passed' }],
    });
  });

  it('refuses a rate beyond the cap before anything is sent, and wants a rate', async () => {
    const refused = await hiveHosted(['verify', '--at', '20000/s', practice.url]);
    expect(refused.code).toBe(92);
    expect(refused.stderr).toMatch(/atPerSecond: more than the target's cap of 10,?000 requests\/s/);
    const { code, stderr } = await hiveHosted(['verify', practice.url]);
    expect([code, stderr.includes("required option '--at <rate>' not specified")]).toEqual([104, true]);
  });
});
