import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createProgress } from '../src/print/progress.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function terminal(live: boolean) {
  const lines: string[] = [];
  const statuses: string[] = [];
  return {
    live,
    lines,
    statuses,
    progress: (line: string) => void lines.push(line),
    status: (line = '') => void statuses.push(line),
  };
}

it('says at once what may keep the thread busy, and again every ten seconds where lines stay', () => {
  const there = terminal(false);
  const progress = createProgress(there);
  progress.begin('creating .hive');
  expect(there.lines).toEqual(['hive: creating .hive …']);
  vi.advanceTimersByTime(2_000);
  expect(there.lines.at(-1)).toBe('hive: creating .hive … 2 s');
  vi.advanceTimersByTime(9_000);
  expect(there.lines).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(there.lines.at(-1)).toBe('hive: creating .hive … 12 s');
  progress.close();
  vi.advanceTimersByTime(60_000);
  expect(there.lines).toHaveLength(3);
});

it('says nothing about what ends within two seconds, or beside other lines', () => {
  const there = terminal(false);
  const progress = createProgress(there);
  progress.doing('measuring');
  vi.advanceTimersByTime(1_000);
  progress.told();
  vi.advanceTimersByTime(1_000);
  expect(there.lines).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(there.lines).toEqual(['hive: measuring … 3 s']);
  progress.close();
});

it('rewrites one line each second on a terminal', () => {
  const there = terminal(true);
  const progress = createProgress(there);
  progress.begin('creating .hive');
  vi.advanceTimersByTime(3_000);
  expect(there.statuses).toEqual([
    'hive: creating .hive …',
    'hive: creating .hive … 1 s',
    'hive: creating .hive … 2 s',
    'hive: creating .hive … 3 s',
  ]);
  expect(there.lines).toEqual([]);
  progress.close();
});
