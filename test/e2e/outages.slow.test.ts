import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { removeRedisKeys } from '../../packages/server/test/remove-keys.js';
import { breakable } from '../breakable.js';
import { createTestDatabase, describeWith, postgres, redis, redisPrefix } from '../services.js';
import { openFeed } from './feed.js';
import { dataDirectory, eventually, startHive } from './hive-process.js';

const AWAY_MS = 30_000;
const BUDGET_SECONDS = 60;
/** What a process may grow by while results wait. */
const MOST_GROWTH_BYTES = 200 * 1024 * 1024;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describeWith(postgres, 'a session in a Hive on PostgreSQL', () => {
  describeWith(redis, 'and Redis', (redisUrl) => {
    it.each([
      ['PostgreSQL', 'refuse'],
      ['PostgreSQL', 'blackhole'],
      ['Redis', 'refuse'],
      ['Redis', 'blackhole'],
    ] as const)('goes on while %s is away for 30 s (%s), and everything is stored', async (which, how) => {
      const database = await createTestDatabase();
      cleanups.push(() => database.drop());
      const prefix = redisPrefix();
      cleanups.push(() => removeRedisKeys(redisUrl, prefix));
      const ways = { PostgreSQL: await breakable(database.url), Redis: await breakable(redisUrl) };
      for (const way of Object.values(ways)) cleanups.push(() => way.close());
      const data = await dataDirectory();
      cleanups.push(() => data.remove());
      const hive = await startHive(data.path, ['--no-dashboard'], {
        DATABASE_URL: ways.PostgreSQL.url,
        REDIS_URL: ways.Redis.url,
        HIVE_REDIS_PREFIX: prefix,
      });
      cleanups.push(() => hive.end());
      const feed = await openFeed(hive.liveUrl);
      cleanups.push(async () => feed.close());
      const body = { kinds: ['load_balancing' as const], budgetSeconds: BUDGET_SECONDS, precision: 0.01 };
      const { session_id: id } = await hive.api.call('startTraining', { body });
      await eventually('a run is over', 30_000, async () => {
        return (await hive.api.call('trainingStatus')).scenarios_completed > 0;
      });
      const before = residentBytes(hive.process.pid);
      const doneBefore = (await hive.api.call('trainingStatus')).scenarios_completed;

      await ways[which].break(how);
      await sleep(AWAY_MS);
      expect(await hive.api.call('trainingStatus')).toMatchObject({ session_id: id });
      const health = (await (await fetch(`${hive.apiUrl}/api/health`)).json()) as {
        status: string;
        unwritten: { windows: number; runs: number };
      };
      const grown = residentBytes(hive.process.pid) - before;
      const doneMeanwhile = (await hive.api.call('trainingStatus')).scenarios_completed - doneBefore;
      await ways[which].restore();

      expect(health.status).toBe('degraded');
      expect(doneMeanwhile).toBeGreaterThan(0);
      if (which === 'PostgreSQL') expect(health.unwritten.runs).toBeGreaterThan(0);
      expect(grown).toBeLessThan(MOST_GROWTH_BYTES);
      await eventually('the session is over', 2 * 60_000, async () => {
        return (await hive.api.call('getSession', { params: { id } }).catch(() => null))?.status === 'completed';
      });
      const session = await hive.api.call('getSession', { params: { id } });
      const done = session.scenarios.filter(({ completed }) => completed);
      expect(session.total_scenarios).toBe(done.length);
      expect(done.length).toBeGreaterThanOrEqual(doneBefore + doneMeanwhile);
      expect(session.metrics).not.toHaveProperty('windows_dropped');
      for (const run of done) {
        const { windows } = await hive.api.call('getScenario', { params: { id: run.id } });
        expect([run.id, windows.length > 0]).toEqual([run.id, true]);
      }
      process.stdout.write(
        `${which} ${how}: ${doneMeanwhile} runs meanwhile, ${health.unwritten.windows} windows waited, ` +
          `${(grown / 1024 / 1024).toFixed(0)} MiB more, ${done.length} runs stored, ` +
          `${feed.messages.filter(({ type }) => type === 'gap').length} gaps told\n`,
      );
    });
  });
});

/** Resident memory of a process, as Linux tells it. */
function residentBytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
