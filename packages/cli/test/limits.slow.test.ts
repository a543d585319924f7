import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hive } from './hive-process.js';
import { trainJudged } from './judged-training.js';

describe('hive limits --expect', () => {
  let practice: Practice;
  let data: string;
  const limits = (...args: string[]) => hive(['limits', '--data', data, ...args]);
  beforeAll(async () => {
    practice = await startPractice({ workers: 4, serviceMs: 10 });
    data = await preparedData('hive-limits-');
  });
  afterAll(async () => {
    await practice.close();
    await rm(data, { recursive: true, force: true });
  });

  it('ends with 0 when what is expected was shown: a cap that held for a minute', async () => {
    const file = join(data, 'capped.yaml');
    const safety = 'safety: { maxRatePerSecond: 20 }';
    await writeFile(file, `id: capped\nurl: ${practice.url}\n${safety}\n`);
    const { report } = await trainJudged(['--kinds', 'load_balancing', '--seed', '1', '--data', data, file]);
    expect(report.limits.find(({ kind }) => kind === 'load_balancing')).toMatchObject({ status: 'at_least', low: 20 });
    const kept = await limits(file, '--expect', 'load_balancing>=20');
    expect(kept.stdout).toContain('expected load_balancing>=20: passed (measured at least 20)');
    expect(kept.code).toBe(0);
    const more = await limits(file, '--expect', 'load_balancing>20');
    expect(more.stdout).toContain('expected load_balancing>20: failed (measured at least 20)');
    expect(more.code).toBe(99);
  }, 300_000);
});
