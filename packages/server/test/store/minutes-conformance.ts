import { KEEP_DAYS, type Window } from '@hive/contract';
import { mergeLatency } from '@hive/engine';
import { describe, expect, it } from 'vitest';
import { keptOf } from '../../src/history/heatmap.js';
import type { KeptWindow, Store } from '../../src/store/store.js';
import { sampleCheck, sampleResult, sampleScenario, sampleSession, sampleTarget, sampleWindow } from './samples.js';

/** 90 values of 20 ms and 10 of 40 ms. */
const HISTOGRAM = new Uint8Array(
  Buffer.from('HISTFAAAACp4nJNpmSzMwMDAzsDAwMjAwMDMAAEgNgPz5HYGGP9w8BbGv/wiAF1gBVw=', 'base64'),
);
const DAY_MS = 86_400_000;

/** What every store must do of results that grow old. `setTime` sets the clock of the store. */
export function minutesConformance(store: () => Store, setTime: (at: Date) => void): void {
  /** A run of this many seconds that ended at `at`, one histogram of which cannot be read. */
  async function run(at: string, seconds = 130): Promise<{ id: string; targetId: string; windows: Window[] }> {
    const target = sampleTarget();
    await store().saveTarget(target);
    const session = sampleSession(target.id, { started_at: at });
    await store().createSession(session);
    const { id } = await store().createScenario(sampleScenario(target.id), session.id, new Date(at));
    const ids = { scenarioId: id, sessionId: session.id, targetId: target.id };
    const windows = Array.from({ length: seconds }, (_, second) =>
      sampleWindow(ids, { at, fromMs: second * 1_000, toMs: (second + 1) * 1_000, connections: second }),
    );
    await store().appendWindows(
      windows.map((window, index) => ({
        window,
        responseTime: index === 3 ? Uint8Array.of(1, 2, 3) : HISTOGRAM,
        serviceTime: null,
      })),
    );
    return { id, targetId: target.id, windows };
  }
  const complete = (id: string) =>
    store().completeScenario(id, sampleResult(), { responseTime: null, serviceTime: null });
  const daysAfter = (at: string, days: number): Date => new Date(new Date(at).getTime() + days * DAY_MS);

  describe('what grows old', () => {
    it('keeps the minutes of a run that ends, merged from all its values', async () => {
      const { id, windows } = await run('2026-06-01T12:00:00.000Z');
      expect(await store().listMinutes(id)).toEqual([]);
      await complete(id);
      const minutes = await store().listMinutes(id);
      expect(minutes.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
        [0, 60_000],
        [60_000, 120_000],
        [120_000, 130_000],
      ]);
      for (const of of ['seconds', 'minutes'] as const) {
        const kept: KeptWindow[] = [];
        for await (const batch of keptOf(store(), { scenarioId: id, of })) kept.push(...batch);
        expect(kept.map(({ window }) => window)).toEqual(of === 'seconds' ? windows : minutes);
        expect(kept[0]?.responseTime).toBeInstanceOf(Uint8Array);
      }
      const [first, , last] = minutes;
      expect(first).toEqual({
        ...windows[59],
        fromMs: 0,
        counts: expect.objectContaining({ planned: 6_000, good: 5_700 }) as unknown,
        errors: { refused: 60, http_5xx: 240 },
        nodes: { a: 3_000, b: 2_700 },
        offeredPerSecond: expect.closeTo(100) as unknown,
        throughputPerSecond: expect.closeTo(95) as unknown,
        responseTimeMs: mergeLatency(Array.from({ length: 59 }, () => HISTOGRAM)),
        serviceTimeMs: mergeLatency([]),
        waitingMs: expect.closeTo(mergeLatency([HISTOGRAM]).mean) as unknown,
        bytesIn: 60_000,
        bytesOut: 30_000,
      });
      expect(last).toMatchObject({ counts: { planned: 1_000 }, connections: 129 });
    });

    it('forgets the minutes of a run that is executed again', async () => {
      const { id, targetId } = await run('2026-06-01T12:00:00.000Z');
      await complete(id);
      const session = sampleSession(targetId);
      await store().createSession(session);
      await store().restartScenario(id, session.id);
      expect(await store().listMinutes(id)).toEqual([]);
    });

    it('removes seconds after a month, minutes after thirteen, and keeps what was told', async () => {
      const at = '2026-07-01T12:00:00.000Z';
      const [done, never] = [await run(at), await run(at)];
      await complete(done.id);
      setTime(daysAfter(at, KEEP_DAYS.seconds));
      await store().upkeep();
      expect(await store().listWindows(done.id)).toHaveLength(130);
      setTime(daysAfter(at, KEEP_DAYS.seconds + 1));
      await store().upkeep();
      await store().upkeep();
      for (const { id } of [done, never]) {
        expect(await store().listWindows(id)).toEqual([]);
        expect(await store().latestMetrics({ scenarioId: id, limit: 1 })).toEqual([]);
        expect(await store().listMinutes(id)).toHaveLength(3);
      }
      setTime(daysAfter(at, KEEP_DAYS.minutes + 1));
      await store().upkeep();
      expect(await store().listMinutes(done.id)).toEqual([]);
      expect(await store().getScenario(done.id)).toMatchObject({ completed: true, verdict: 'passed' });
    });

    it('says what each store takes, and keeps each for as long as was set', async () => {
      const at = '2027-01-01T00:00:00.000Z';
      setTime(new Date(at));
      const { id, targetId } = await run(at, 10);
      await complete(id);
      await store().createCheck(sampleCheck({ target: targetId, at }));
      const byName = async () =>
        Object.fromEntries((await store().storage()).stores.map(({ name, ...rest }) => [name, rest]));
      const before = await byName();
      expect(before).toMatchObject({
        seconds: { keepDays: 30 },
        minutes: { keepDays: 395 },
        runs: { keepDays: null },
        sessions: { keepDays: null },
        targets: { keepDays: null },
      });
      for (const { bytes, rows, oldest } of Object.values(before)) {
        expect(Math.min(bytes, rows)).toBeGreaterThan(0);
        expect(oldest).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }
      await store().setKeepDays({ runs: 10, seconds: 5 });
      await store().setKeepDays({ sessions: 20, seconds: null });
      expect(await byName()).toMatchObject({
        seconds: { keepDays: null },
        runs: { keepDays: 10 },
        sessions: { keepDays: 20 },
      });
      setTime(daysAfter(at, 14));
      await store().upkeep();
      expect(await store().listChecks({ target: targetId, limit: 9 })).toHaveLength(1);
      setTime(daysAfter(at, 15));
      await store().upkeep();
      expect(await store().listChecks({ target: targetId, limit: 9 })).toEqual([]);
      // Its hours are kept longer.
      const hours = [{ day: '2027-01-01', result: 'fail', count: 1 }];
      expect(await store().countChecks(targetId, new Date(at))).toEqual(hours);
      await store().upkeep();
      expect(await store().getScenario(id)).toBeNull();
      expect(await store().listWindows(id)).toEqual([]);
      expect((await store().listSessions({ target: targetId, limit: 9 })).rows).toHaveLength(1);
      setTime(daysAfter(at, 21));
      await store().upkeep();
      expect((await store().listSessions({ target: targetId, limit: 9 })).rows).toEqual([]);
      expect(await store().getTarget(targetId)).not.toBeNull();
      await store().setKeepDays({ runs: null, sessions: null, seconds: 30 });
    });
  });
}
