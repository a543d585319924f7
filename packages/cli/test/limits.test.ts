import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Limit } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hiveHosted } from './hive-process.js';
import { trainJudged } from './judged-training.js';

interface Known {
  targets: { target: string; limits: Limit[] }[];
  expectations: { kind: string; expression: string; outcome: string }[];
}

/** What is stored is read again to this many digits: times are kept in whole milliseconds. */
const rounded = (limit: Limit): unknown =>
  JSON.parse(JSON.stringify(limit, (_, value: unknown) => (typeof value === 'number' ? value.toPrecision(5) : value)));

const loadOf = (limits: readonly Limit[]) => limits.find(({ kind }) => kind === 'load_balancing') as Limit;

describe('hive limits', () => {
  let practice: Practice;
  let data: string;
  let learned: Limit;
  const limits = (...args: string[]) => hiveHosted(['limits', '--data', data, ...args]);
  beforeAll(async () => {
    practice = await startPractice({ workers: 4, serviceMs: 10 });
    data = await preparedData('hive-limits-');
    const args = ['--kinds', 'load_balancing', '--budget', '8s', '--precision', '25%', '--seed', '1'];
    const { report } = await trainJudged([...args, '--data', data, practice.url]);
    learned = loadOf(report.limits);
    expect(learned.scenarios).toBeGreaterThan(0);
  });
  afterAll(async () => {
    await practice.close();
    await rm(data, { recursive: true, force: true });
  });

  it('tells as JSON what the session that taught it told, of one target and of all', async () => {
    for (const args of [[], [practice.url]]) {
      const { code, stdout } = await limits('--json', ...args);
      const { targets } = JSON.parse(stdout) as Known;
      expect(code).toBe(0);
      expect(targets).toHaveLength(1);
      expect(targets[0]?.limits).toHaveLength(8);
      const { updatedAt } = loadOf(targets[0]?.limits ?? []);
      expect(updatedAt).not.toBeNull();
      // What would have helped the session is about its time, and no part of what was learned.
      const reason = learned.reason?.replace(/ \(more time would help: .*\)$/, '');
      expect(rounded(loadOf(targets[0]?.limits ?? []))).toEqual(rounded({ ...learned, updatedAt, reason }));
    }
  });

  it('says when each was measured, and of the others why there is none', async () => {
    const { code, stdout } = await limits();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^127\.0\.0\.1-\d+ {2}http:\/\/127\.0\.0\.1:\d+ {2}p\(99\)<250 rate<0\.01$/m);
    expect(stdout).toMatch(/^ {2}Request rate +\S.* runs?/m);
    expect(stdout).toMatch(/^ +measured \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m);
    expect(stdout).toMatch(/^ {2}not measured yet: Concurrent users, Connection faults, Network latency$/m);
    expect(stdout).toMatch(/^ {2}do not apply .*: Noisy neighbor, /m);
  });

  it('ends with 99 when what is expected is not known, and needs a target for that', async () => {
    const kept = await limits(practice.url, '--expect', 'load_balancing>=1', '--expect', 'load_balancing>=100000');
    expect(kept.code).toBe(99);
    expect(kept.stdout).toMatch(/expected load_balancing>=100000: failed/);
    const told = JSON.parse((await limits('--json', practice.url, '--expect', 'load_balancing>=1')).stdout) as Known;
    // Eight seconds are too short to hold the low end for a minute: what is known roughly passes no gate. On a busy machine no run may have failed, or none have counted.
    const { status } = loadOf(told.targets[0]?.limits ?? []);
    expect(['rough', 'at_least', 'unknown']).toContain(status);
    expect(told.expectations).toMatchObject([
      { kind: 'load_balancing', expression: 'load_balancing>=1', outcome: status === 'at_least' ? 'passed' : 'failed' },
    ]);
    const nowhere = await limits('--expect', 'load_balancing>=1');
    expect(nowhere.code).toBe(104);
    expect(nowhere.stderr).toContain("'--expect <expectation>' needs a target");
  });

  it('knows nothing under other objectives, or where nothing is kept', async () => {
    const { stdout } = await limits(practice.url, '--objective', 'p(99)<100');
    expect(stdout).toMatch(/not measured yet: Concurrent users, Request rate,/);
    const empty = await hiveHosted(['limits', '--data', join(data, 'none')]);
    expect(empty).toMatchObject({ code: 0, stdout: 'No limits learned yet. Run hive train URL\n' });
  });
});
