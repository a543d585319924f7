import { afterEach, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { createTestDatabase, describeWith, postgres } from '../../../../test/services.js';
import { eventually, expectAllStored, ROWS_PER_RUN, startOutage, type Outage } from './outage-conformance.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const start = async (): Promise<Outage> => {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const outage = await startOutage(database.url);
  cleanups.push(() => outage.close());
  return outage;
};
const NOTHING = { windows: 0, runs: 0, droppedWindows: 0 };

describeWith(postgres, 'a session whose PostgreSQL goes away', () => {
  for (const how of ['refuse', 'blackhole'] as const) {
    const itOnce = how === 'refuse' ? it : itSlow;
    describe(how === 'refuse' ? 'refused' : 'without an answer', () => {
      it('goes on, says what waits, and stores everything once when it is back', async () => {
        const outage = await start();
        const { way, runner, next, finish, done, stored, store, sessionId, alerts } = outage;
        await way.break(how);
        for (let run = 0; run < 5; run += 1) await next();
        expect((await runner.status()).running).toBe(true);
        if (how === 'refuse') {
          await eventually(() => alerts.length > 0);
          expect(alerts).toEqual([
            'the database does not answer: the session goes on, and its results wait to be stored',
          ]);
        }
        const { windows, runs } = runner.unwritten();
        expect(windows).toBeGreaterThanOrEqual(5 * ROWS_PER_RUN);
        expect(runs).toBeGreaterThanOrEqual(5);
        await way.restore();
        await next();
        finish();
        expect(await done).toMatchObject({ error: null, session: { status: 'completed', total_scenarios: 7 } });
        expect(await stored).toEqual(NOTHING);
        expect(await store.getSession(sessionId)).toMatchObject({ status: 'completed', total_scenarios: 7 });
        await expectAllStored(outage);
        expect(alerts.at(-1)).toContain('answers again');
      });

      itSlow('may end meanwhile, and is marked as ended when it is back', async () => {
        const { way, runner, next, finish, done, stored, store, sessionId, ...outage } = await start();
        await way.break(how);
        await next();
        finish();
        const endedAt = performance.now();
        expect((await done).session.status).toBe('completed');
        expect(performance.now() - endedAt).toBeLessThan(3_000);
        expect(await runner.status()).toMatchObject({ running: false, session_id: sessionId });
        await way.restore();
        expect(await stored).toEqual(NOTHING);
        expect(await store.getSession(sessionId)).toMatchObject({ status: 'completed', end_code: 'goal' });
        await expectAllStored({ way, runner, next, finish, done, stored, store, sessionId, ...outage });
      });

      itOnce('can be closed meanwhile, and says exactly what is lost', async () => {
        const { way, runner, next, stored, store } = await start();
        await eventually(() => runner.unwritten().runs === 0);
        await way.break(how);
        await next();
        await next();
        const closingAt = performance.now();
        await runner.close();
        await store.close();
        expect(performance.now() - closingAt).toBeLessThan(4_500);
        expect(await stored).toEqual({ windows: 2 * ROWS_PER_RUN, runs: 2, droppedWindows: 0 });
      });
    });
  }

  itSlow('drops only what is beyond its bound, and counts it', async () => {
    const { way, runner, next, finish, done, stored, store, sessionId } = await start();
    await eventually(() => runner.unwritten().windows === 0);
    await way.break('refuse');
    for (let run = 0; run < 185; run += 1) await next();
    expect(runner.unwritten()).toMatchObject({ windows: 3_600, droppedWindows: 185 * ROWS_PER_RUN - 3_600 });
    await way.restore();
    finish();
    expect((await done).session.status).toBe('completed');
    expect(await stored).toMatchObject({ windows: 0, runs: 0, droppedWindows: 100 });
    expect((await store.getSession(sessionId))?.metrics).toMatchObject({ windows_dropped: 100 });
  });
});
