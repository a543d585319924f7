import { expect, it } from 'vitest';
import { createTestDatabase, describeWith, postgres, redis, redisPrefix } from '../../../../test/services.js';
import { removeRedisKeys } from '../remove-keys.js';
import { listen, runOneScenario, startTestServer } from '../test-server.js';

describeWith(postgres, 'a server', () => {
  describeWith(redis, 'on PostgreSQL and Redis', (redisUrl) => {
    it('measures, stores and tells, and a second one hears it and finds it', async () => {
      const database = await createTestDatabase();
      const prefix = redisPrefix();
      const where = { databaseUrl: database.url, redisUrl, redisPrefix: prefix };
      const [first, second] = [await startTestServer(where), await startTestServer(where)];
      try {
        const listener = await listen(second);
        const row = await runOneScenario(first);
        await listener.hear(({ type }) => type === 'session_completed');
        const [hello, ...heard] = listener.messages;
        expect(heard.length).toBeGreaterThan(20);
        expect(heard.map(({ seq }) => seq - (hello?.seq ?? 0))).toEqual(heard.map((_, index) => index + 1));
        expect((await second.ask('GET', `/api/scenarios/${row.id}`)).body).toMatchObject({
          id: row.id,
          verdict: 'passed',
        });
        listener.socket.terminate();
      } finally {
        await Promise.all([first.end(), second.end()]);
        await removeRedisKeys(redisUrl, prefix);
        await database.drop();
      }
    });
  });
});
