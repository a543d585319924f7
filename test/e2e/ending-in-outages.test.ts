import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { breakable } from '../breakable.js';
import { createTestDatabase, describeWith, postgres, redis, redisPrefix } from '../services.js';
import { removeRedisKeys } from '../../packages/server/test/remove-keys.js';
import { itSlow } from '../slow.js';
import { dataDirectory, environment, eventually, startHive, type HiveProcess } from './hive-process.js';
import { stillRunning, treeOf } from './process-tree.js';

const HIVE = join(dirname(dirname(import.meta.dirname)), 'packages/cli/bin/hive.js');
const ENDS_WITHIN_MS = 5_000;
const ALL = ['PostgreSQL', 'Redis'] as const;
const OTHERS = [
  ['blackhole', ['PostgreSQL']],
  ['blackhole', ['Redis']],
  ['refuse', ALL],
] as const;

describeWith(postgres, 'SIGTERM', () => {
  describeWith(redis, 'while a session runs and services are away', (redisUrl) => {
    const prefix = redisPrefix();
    const cleanups: (() => Promise<void>)[] = [];
    let data: Awaited<ReturnType<typeof dataDirectory>>;
    let tree: number[] = [];
    beforeAll(async () => {
      data = await dataDirectory();
    });
    afterEach(async () => {
      for (const pid of stillRunning(tree)) process.kill(pid, 'SIGKILL');
      for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
    });
    afterAll(async () => {
      await data.remove();
      await removeRedisKeys(redisUrl, prefix);
    });

    async function ends(child: Pick<HiveProcess, 'end'>): Promise<void> {
      const askedAt = performance.now();
      const code = await Promise.race([child.end(), sleep(20_000).then(() => 'still running')]);
      expect(code).toBe(0);
      expect(performance.now() - askedAt).toBeLessThan(ENDS_WITHIN_MS);
      await eventually('its children have ended', 1_000, async () => stillRunning(tree).length === 0);
    }

    const endsWithout = async (which: readonly (typeof ALL)[number][], how: 'blackhole' | 'refuse'): Promise<void> => {
      const database = await createTestDatabase();
      cleanups.push(() => database.drop());
      const ways = { PostgreSQL: await breakable(database.url), Redis: await breakable(redisUrl) };
      for (const way of Object.values(ways)) cleanups.push(() => way.close());
      const hive = await startHive(data.path, ['--no-dashboard'], {
        DATABASE_URL: ways.PostgreSQL.url,
        REDIS_URL: ways.Redis.url,
        HIVE_REDIS_PREFIX: prefix,
      });
      tree = treeOf(hive.process.pid ?? 0);
      await hive.api.call('startTraining', { body: { kinds: ['load_balancing'], budgetSeconds: 60 } });
      await eventually('a run has begun', 30_000, async () => (await hive.api.call('trainingStatus')).current !== null);
      for (const name of which) await ways[name].break(how);
      await sleep(1_500);
      expect((await hive.api.call('trainingStatus')).running).toBe(true);
      await ends(hive);
    };
    it('blackhole both: it ends within five seconds, and leaves nothing', () => endsWithout(ALL, 'blackhole'));
    itSlow.each(OTHERS)('%s %j: it ends within five seconds, and leaves nothing', (how, which) =>
      endsWithout(which, how),
    );

    it('while it waits for a database that does not answer, before it has started', async () => {
      const way = await breakable(redisUrl);
      cleanups.push(() => way.close());
      await way.break('blackhole');
      const { host } = new URL(way.url);
      const child = spawn(process.execPath, [HIVE, 'up', '--no-dashboard', '--data', data.path, '--port', '0'], {
        env: { ...environment(), DATABASE_URL: `postgres://hive@${host}/hive` },
        stdio: 'ignore',
      });
      tree = [child.pid ?? 0];
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await sleep(2_500);
      expect(child.exitCode).toBeNull();
      await ends({
        end() {
          child.kill('SIGTERM');
          return ended;
        },
      });
    });
  });
});
