import { expect, it } from 'vitest';
import { renderReport, reportOf } from '../../src/index.js';
import { MADE, sampleSource } from '../samples.js';

const RUNS = 1_000;
const WINDOWS = 1_000;
const MIB = 2 ** 20;

it('a million windows pass through CSV, and the memory stays as it was', async () => {
  const sample = reportOf(sampleSource(), { made: MADE, ceiling: null });
  const run = sample.runs.find(({ windows }) => windows.length > 0)!;
  const windows = Array.from({ length: WINDOWS }, (_, at) => run.windows[at % run.windows.length]!);
  const report = { ...sample, runs: Array.from({ length: RUNS }, () => ({ ...run, windows })) };
  // What the first rows make the engine set up is not growth.
  for await (const part of renderReport({ ...report, runs: report.runs.slice(0, 20) }, 'csv'))
    expect(part).not.toBe('');
  const before = process.memoryUsage.rss();
  let [rows, highest] = [0, 0];
  for await (const part of renderReport(report, 'csv')) {
    rows += String(part).split('\r\n').length - 1;
    highest = Math.max(highest, process.memoryUsage.rss());
  }
  expect(rows).toBe(1 + RUNS * (1 + WINDOWS));
  expect(highest - before).toBeLessThan(50 * MIB);
}, 600_000);
