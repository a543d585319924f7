import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hive } from './hive-process.js';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice({ workers: 4, serviceMs: 10 });
});
afterAll(() => practice.close());

interface Report {
  version: number;
  answer: string;
  runs: { intensity: number; seconds: number; verdict: string }[];
}

/** On a busy machine runs are repeated. */
const PATIENT = 180_000;

describe('hive verify', { timeout: PATIENT }, () => {
  it('answers yes to a rate that the service carries, as JSON too', async () => {
    const { code, stdout, stderr } = await hive([
      'verify',
      '--at',
      '20/s',
      '--for',
      '10s',
      '--objective',
      'p(99)<2000',
      '--json',
      practice.url,
    ]);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ version: 1, answer: 'yes', at_per_second: 20, end_code: 'goal' });
    expect(report.runs.at(-1)).toMatchObject({ intensity: 20, seconds: 15, verdict: 'passed' });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Request rate +20 requests/m);
  });

  it('answers no after two runs that broke, and sends no more than was asked for', async () => {
    const { code, stdout } = await hive([
      'verify',
      '--at',
      '600/s',
      '--for',
      '8s',
      '--json',
      '--run-anyway',
      practice.url,
    ]);
    const { answer, runs } = JSON.parse(stdout) as Report;
    for (const { intensity } of runs) expect(intensity).toBe(600);
    if (answer === 'no') expect([code, runs.length >= 2]).toEqual([99, true]);
    // On a machine that is too busy to judge, nothing is claimed.
    else expect([answer, [90, 93].includes(code as number)]).toEqual(['undecided', true]);
  });

  it('refuses a rate beyond the cap before anything is sent, and wants a rate', async () => {
    const refused = await hive(['verify', '--at', '20000/s', practice.url]);
    expect(refused.code).toBe(92);
    expect(refused.stderr).toMatch(/atPerSecond: more than the target's cap of 10,?000 requests\/s/);
    const { code, stderr } = await hive(['verify', practice.url]);
    expect([code, stderr.includes("required option '--at <rate>' not specified")]).toEqual([104, true]);
  });
});
