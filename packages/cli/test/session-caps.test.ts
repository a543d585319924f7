import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultSafety, toTarget, type Safety } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { openData } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { storedCaps, withSessionCaps, type WrittenCaps } from '../src/arguments/session-caps.js';
import { hive, hiveHosted } from './hive-process.js';

const target = toTarget({ url: 'http://127.0.0.1:1' }, 'shop');
const nameOf = (option: string): string => `--${option}`;
const capped = (asked: Parameters<typeof withSessionCaps>[1], written: WrittenCaps | null = null) =>
  withSessionCaps(target, asked, { written, nameOf });

describe('the caps of one session', () => {
  it('are those of the target where no others are asked for', () => {
    expect(capped({})).toEqual({ target, lines: [] });
  });

  it('may be higher or lower than the usual ones, and are said', () => {
    const { target: raised, lines } = capped({ maxRate: 50_000, maxConnections: 20 });
    expect(raised.safety).toEqual({ ...target.safety, maxRatePerSecond: 50_000, maxConnections: 20 });
    expect(lines).toEqual([
      'this session sends at most 50,000 requests/s (--maxRate)',
      'this session sends at most 20 connections (--maxConnections)',
    ]);
  });

  it('do not go beyond what was written for the target', () => {
    const written = { caps: { maxRatePerSecond: 500 }, where: 'hive.yaml' };
    expect(capped({ maxRate: 500 }, written).target.safety.maxRatePerSecond).toBe(500);
    expect(capped({ maxConnections: 9_000 }, written).target.safety.maxConnections).toBe(9_000);
    expect(() => capped({ maxRate: 501 }, written)).toThrow(
      expect.objectContaining({
        code: 'refused_by_safety',
        message: '--maxRate: 501 requests/s exceeds safety.maxRatePerSecond (500) of hive.yaml',
        hint: 'ask for less, or change safety.maxRatePerSecond there',
      }),
    );
  });

  it('of a stored target are written where they are not the usual ones', () => {
    const stored = (safety: Partial<Safety>) =>
      storedCaps({ id: 'shop', nodes: target.nodes, safety: { ...target.safety, ...safety } });
    expect(stored({})).toEqual({ caps: {}, where: "the stored target 'shop'" });
    expect(stored({ maxConnections: 5 }).caps).toEqual({ maxConnections: 5 });
  });
});

describe('hive train with caps of its own', () => {
  let practice: Practice;
  let data: string;
  beforeAll(async () => {
    practice = await startPractice({ workers: 2, serviceMs: 5 });
    data = await preparedData('hive-caps-');
  });
  afterAll(async () => {
    await practice.close();
    await rm(data, { recursive: true });
  });

  it('says them first, plans with them, and stores the target as it is', async () => {
    const { stderr } = await hive(['train', '--max-rate', '200/s', '--budget', '3s', '--data', data, practice.url]);
    const [first] = stderr.split('\n');
    expect(first).toBe('hive: this session sends at most 200 requests/s (--max-rate)');
    expect(stderr).toMatch(
      /^plan: request rate, about 2½ minutes; everything that applies would take about \d+ minutes$/m,
    );
    expect(stderr).toMatch(/^ {6}at most [\d,]+ requests, up to 200 requests\/s; about \d+ s above the limit/m);
    const opened = await openData({ databaseUrl: null, dataDir: data });
    if (!('here' in opened)) throw new Error('the data directory is held');
    const { targets } = await opened.here.query('listTargets');
    await opened.here.close();
    expect(targets[0]?.safety.maxRatePerSecond).toBe(defaultSafety(target.nodes).maxRatePerSecond);
  });

  it('refuses what a hive.yaml does not allow: 92', async () => {
    const file = join(data, 'hive.yaml');
    await writeFile(file, `id: mine\nurl: ${practice.url}\nsafety: { maxConnections: 10 }\n`);
    const { code, stderr } = await hiveHosted(['train', '--max-connections', '11', '--data', data, file]);
    expect(code).toBe(92);
    expect(stderr).toContain('--max-connections: 11 connections exceeds safety.maxConnections (10) of');
  });
});
