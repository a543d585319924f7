import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsOf, type Database } from '../../src/store/database.js';
import { dropDaysBefore, listParts, makeDays } from '../../src/store/measured/days.js';
import { scenarioQueries } from '../../src/store/scenarios.js';
import { sessionQueries } from '../../src/store/sessions.js';
import { targetQueries } from '../../src/store/targets.js';
import { windowQueries } from '../../src/store/measured/windows.js';
import { sampleScenario, sampleSession, sampleTarget, sampleWindow } from './samples.js';

const TODAY = new Date('2026-05-10T23:59:00.000Z');
const none = { responseTime: null, serviceTime: null };

/** How every database is divided by day. */
export function daysConformance(open: () => Promise<{ db: Database; end(): Promise<void> }>): void {
  let db: Database;
  let end: () => Promise<void>;
  let ids: { scenarioId: string; sessionId: string; targetId: string };
  const partsOf = async (table: string) => (await listParts(db)).filter((part) => part.table === table);
  const count = async (name: string): Promise<number> => {
    const rows = await rowsOf<{ n: number }>(db, sql`select count(*)::int as n from ${sql.identifier(name)}`);
    return rows[0]?.n ?? 0;
  };
  const append = async (at: string) =>
    windowQueries(db).appendWindows([{ window: sampleWindow(ids, { at }), ...none }]);
  const tell = async () => windowQueries(db).latestMetrics({ scenarioId: ids.scenarioId, limit: 5_000 });

  beforeAll(async () => {
    ({ db, end } = await open());
    const target = sampleTarget();
    await targetQueries(db, () => TODAY).saveTarget(target);
    const { id } = await scenarioQueries(db, () => TODAY).createScenario(sampleScenario(target.id), null);
    ids = { scenarioId: id, sessionId: 'ses_1', targetId: target.id };
  });
  afterAll(async () => end());

  it('makes the parts of today and of the next two days, however many ask', async () => {
    await Promise.all(Array.from({ length: 4 }, () => makeDays(db, TODAY)));
    for (const table of ['windows', 'performance_metrics']) {
      const days = (await partsOf(table)).map(({ from }) => from).filter((from) => from?.startsWith('2026-05'));
      expect(days).toEqual(['2026-05-10', '2026-05-11', '2026-05-12']);
    }
  });

  it('puts each row into the part of its day, and one of a wrong clock into the part for all others', async () => {
    await append('2026-05-10T23:59:59.999Z');
    await append('2026-05-11T00:00:00.000Z');
    await append('2026-05-15T00:00:00.000Z');
    await append('1999-01-01T00:00:00.000Z');
    const counts = ['windows_20260510', 'windows_20260511', 'windows_20260512', 'windows_other'].map(count);
    expect(await Promise.all(counts)).toEqual([1, 1, 0, 2]);
    expect(await count('performance_metrics_20260510')).toBeGreaterThan(10);
  });

  it('takes what a wrong clock put aside into the part of its day', async () => {
    const before = await tell();
    await makeDays(db, new Date('2026-05-14T12:00:00.000Z'));
    expect([await count('windows_20260515'), await count('windows_other')]).toEqual([1, 1]);
    expect(await tell()).toEqual(before);
  });

  it('drops whole days, and of the others what is as old', async () => {
    await dropDaysBefore(db, '2026-05-11');
    const days = (await tell()).map(({ timestamp }) => timestamp.slice(0, 10));
    expect([...new Set(days)]).toEqual(['2026-05-15', '2026-05-11']);
    expect((await partsOf('windows')).map(({ name }) => name)).not.toContain('windows_20260510');
    expect(await count('windows_other')).toBe(0);
    expect(await windowQueries(db).listWindows(ids.scenarioId)).toHaveLength(2);
  });

  describe('a run that is executed again', () => {
    it('loses its windows; its values go on to say what they were measured in', async () => {
      const before = await tell();
      await scenarioQueries(db, () => TODAY).restartScenario(ids.scenarioId, await session());
      expect(await windowQueries(db).listWindows(ids.scenarioId)).toEqual([]);
      expect(await tell()).toEqual(before);
      expect(before[0]?.metadata).toEqual({
        unit: expect.any(String),
        phase: 'judged',
        session_id: 'ses_1',
        from_ms: 0,
        to_ms: 1_000,
      });
    });
  });

  async function session(): Promise<string> {
    const row = sampleSession(ids.targetId);
    await sessionQueries(db, () => TODAY).createSession(row);
    return row.id;
  }
}
