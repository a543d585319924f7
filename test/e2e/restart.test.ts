import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFeed } from './feed.js';
import { dataDirectory, eventually, startHive, type HiveProcess } from './hive-process.js';

describe('a Hive that is killed in the middle of a session', () => {
  let data: Awaited<ReturnType<typeof dataDirectory>>;
  let hive: HiveProcess;

  beforeAll(async () => {
    data = await dataDirectory();
    hive = await startHive(data.path, ['--no-dashboard']);
  });
  afterAll(async () => {
    await hive.end();
    await data.remove();
  });

  it('tells everything in order while it lives', async () => {
    const feed = await openFeed(hive.liveUrl);
    await hive.api.call('startTraining', { body: { kinds: ['load_balancing'], budgetSeconds: 60 } });
    await eventually('20 messages came', 30_000, async () => feed.messages.length > 20);
    feed.close();
    expect(feed.broken).toEqual([]);
    const [hello, ...told] = feed.messages;
    expect(hello?.type).toBe('hello');
    const first = told[0]?.seq ?? Number.NaN;
    expect(told.slice(0, 20).map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, index) => first + index));
  });

  it('has its history after a restart, the session marked as interrupted', async () => {
    const { session_id: killed } = await hive.api.call('trainingStatus');
    await eventually('a scenario is done and stored', 30_000, async () => {
      const { scenarios } = await hive.api.call('getSession', { params: { id: killed ?? '' } });
      return scenarios.some(({ completed }) => completed);
    });
    expect(await hive.end('SIGKILL')).toBeNull();

    hive = await startHive(data.path, ['--no-dashboard']);
    const { sessions } = await hive.api.call('listSessions');
    expect(sessions).toMatchObject([{ id: killed, status: 'interrupted' }]);
    const { scenarios } = await hive.api.call('getSession', { params: { id: killed ?? '' } });
    const done = scenarios.filter(({ completed }) => completed);
    expect(done.length).toBeGreaterThanOrEqual(1);
    const { metrics } = await hive.api.call('latestMetrics', { query: { scenario_id: done[0]?.id } });
    expect(metrics.length).toBeGreaterThan(0);
    expect(await hive.api.call('trainingStatus')).toMatchObject({ running: false });
  });

  it('can train again, and ends with 0 when it is asked to end', async () => {
    await hive.api.call('startTraining', { body: { kinds: ['load_balancing'], budgetSeconds: 60 } });
    await expect(hive.api.call('startTraining')).rejects.toMatchObject({ code: 'busy' });
    expect(await hive.end('SIGTERM')).toBe(0);
  });
});
