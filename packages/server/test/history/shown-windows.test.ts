import type { Window } from '@hive/contract';
import { expect, it } from 'vitest';
import { shownWindows } from '../../src/history/shown-windows.js';
import type { WindowPart } from '../../src/store/store.js';
import { sampleWindow } from '../store/samples.js';

const ids = { scenarioId: 's', sessionId: 'x', targetId: 't' };
const one = sampleWindow(ids);
const of = (lengthMs: number, count: number, change: Partial<Window> = {}): Window[] =>
  Array.from({ length: count }, (_, index) => ({
    ...one,
    ...change,
    fromMs: index * lengthMs,
    toMs: (index + 1) * lengthMs,
  }));
const stored = (seconds: Window[], minutes: Window[]) => ({
  listWindows: async (_: string, { fromMs = 0, toMs = Infinity, limit }: WindowPart = {}) =>
    seconds.filter((window) => window.fromMs >= fromMs && window.fromMs < toMs).slice(0, limit),
  listMinutes: async () => minutes,
});
const MOST_BYTES = 2 * 1024 * 1024;
const bytes = (shown: object): number => Buffer.byteLength(JSON.stringify(shown));

it('shows all seconds of a run of twenty minutes', async () => {
  const seconds = of(1_000, 1_200);
  const shown = await shownWindows(stored(seconds, of(60_000, 20)), 's', { room: MOST_BYTES });
  expect(shown).toEqual({ windows: seconds, windowSeconds: 1, windowsNote: null });
});

it('shows the minutes of a run of a day, and says so', async () => {
  const minutes = of(60_000, 1_440);
  const shown = await shownWindows(stored(of(1_000, 86_400), minutes), 's', { room: MOST_BYTES });
  expect(shown).toMatchObject({ windows: minutes, windowSeconds: 60, windowsNote: expect.stringMatching(/long/) });
  expect(bytes(shown)).toBeLessThan(MOST_BYTES);
});

it('shows one minute in several of a run of a week', async () => {
  const shown = await shownWindows(stored(of(1_000, 1_300), of(60_000, 10_080)), 's', { room: MOST_BYTES });
  expect(shown.windowsNote).toMatch(/One minute in \d+ is shown/);
  expect(bytes(shown)).toBeLessThan(MOST_BYTES);
  expect(shown.windows.length).toBeGreaterThan(1_000);
});

it('shows the seconds of a part, and where the next begins', async () => {
  const store = stored(of(1_000, 86_400), of(60_000, 1_440));
  const shown = await shownWindows(store, 's', { fromMs: 7_200_000, toMs: 10_800_000, room: MOST_BYTES });
  expect([shown.windows[0]?.fromMs, shown.windows.length, shown.windowSeconds]).toEqual([7_200_000, 1_200, 1]);
  expect(shown.windowsNote).toContain('8400000 ms');
  const last = await shownWindows(store, 's', { fromMs: 86_390_000, room: MOST_BYTES });
  expect([last.windows.length, last.windowsNote]).toEqual([10, null]);
});

it('shows the minutes of a run whose seconds are gone, all or some of them', async () => {
  const minutes = of(60_000, 3);
  for (const left of [[], of(1_000, 180).slice(90)]) {
    const shown = await shownWindows(stored(left, minutes), 's', { room: MOST_BYTES });
    expect(shown).toMatchObject({
      windows: minutes,
      windowSeconds: 60,
      windowsNote: expect.stringMatching(/no longer/),
    });
  }
});

it('shows nothing of a run that measured nothing, and of one that runs for long its first part', async () => {
  expect(await shownWindows(stored([], []), 's', { room: MOST_BYTES })).toEqual({
    windows: [],
    windowSeconds: 1,
    windowsNote: null,
  });
  const running = await shownWindows(stored(of(1_000, 3_000), []), 's', { room: MOST_BYTES });
  expect([running.windows.length, running.windowSeconds]).toEqual([1_200, 1]);
});

it('stays below the limit of an answer, however much was counted apart', async () => {
  const latency = sampleWindow(ids).responseTimeMs;
  const group = { planned: 1, good: 1, responseTimeMs: latency, serviceTimeMs: latency };
  const byClass = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`class-${index}`, group]));
  const shown = await shownWindows(stored(of(1_000, 1_200, { byClass }), []), 's', { room: MOST_BYTES });
  expect(bytes(shown)).toBeLessThan(MOST_BYTES);
  expect(shown.windowsNote).toMatch(/from \d+ ms on/);
});
