import type { LiveMessage, SessionRow } from '@hive/contract';
import { afterEach, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { breakable } from '../../../../test/breakable.js';
import { createTestDatabase, describeWith, postgres, redis, redisPrefix } from '../../../../test/services.js';
import { removeRedisKeys } from '../remove-keys.js';
import { eventually } from '../sessions/outage-conformance.js';
import { listen, startTestServer, TARGET } from '../test-server.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describeWith(postgres, 'a server on PostgreSQL', () => {
  describeWith(redis, 'whose Redis goes away', (redisUrl) => {
    const goesOn = async (how: 'refuse' | 'blackhole'): Promise<void> => {
      const database = await createTestDatabase();
      const way = await breakable(redisUrl);
      const prefix = redisPrefix();
      cleanups.push(
        () => database.drop(),
        () => removeRedisKeys(redisUrl, prefix),
        () => way.close(),
      );
      const where = { databaseUrl: database.url, redisPrefix: prefix };
      const cut = await startTestServer({ ...where, redisUrl: way.url });
      const whole = await startTestServer({ ...where, redisUrl });
      cleanups.push(
        () => cut.end(),
        () => whole.end(),
      );
      const listener = await listen(whole);
      cleanups.push(async () => listener.socket.terminate());
      await cut.ask('POST', '/api/targets', TARGET);
      cut.load.tickEveryMs = 20;
      const { body } = await cut.ask('POST', '/api/training/start', { kinds: ['load_balancing'], budgetSeconds: 15 });
      await cut.until(({ current }) => current !== null);
      await listener.hear(({ type }) => type === 'window');

      await way.break(how);
      const health = async (): Promise<[number, unknown]> => {
        const answer = await cut.ask<{ status: string }>('GET', '/api/health');
        return [answer.status, answer.body.status];
      };
      expect(await health()).toEqual([200, 'degraded']);
      // What is told meanwhile is lost to everyone.
      const { scenarios_completed: before } = await cut.until(({ running }) => running);
      cut.load.tickEveryMs = 0;
      await cut.until(({ scenarios_completed: done, running }) => done > before || !running);
      await way.restore();

      await cut.until(({ running }) => !running);
      const { body: session } = await cut.ask<SessionRow>('GET', `/api/sessions/${body.session_id}`);
      expect(session).toMatchObject({ status: 'completed' });
      await eventually(async () => (await health())[1] === 'healthy');
      const gap = await listener.hear(({ type }) => type === 'gap');
      expect(gap).toMatchObject({ data: { to: gap.seq } });
      expect(holes(listener.messages)).toEqual([]);
    };
    it('is degraded, goes on, and its feed has a gap: blackhole', () => goesOn('blackhole'));
    itSlow('is degraded, goes on, and its feed has a gap: refuse', () => goesOn('refuse'));
  });
});

/** Numbers that a reader has neither seen nor found in a gap. */
function holes(messages: LiveMessage[]): [number, number][] {
  return messages.flatMap((message, index) => {
    const last = messages[index - 1]?.seq ?? message.seq - 1;
    const from = message.type === 'gap' ? message.data.from : message.seq;
    return from === last + 1 || index === 0 ? [] : [[last, from] as [number, number]];
  });
}
