import { toTarget } from '@hive/contract';
import { expect, it } from 'vitest';
import { realClock } from '../../src/clock.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { train } from '../../src/training/training.js';
import { AUTH, SECRETS, startTokenServer } from './token-server.js';

it.each([
  ['gets no 401', false],
  ['is measured all the same where each token ends the life of the one before it', true],
])('a session of 3 minutes with tokens of 20 s %s', { timeout: 240_000 }, async (_, rotates) => {
  const load = createThreadLoad();
  const server = await startTokenServer({ seconds: 20, rotates });
  try {
    const target = toTarget({ url: server.url, auth: AUTH, safety: { maxRatePerSecond: 200 } }, 'shop');
    const events: TrainingEvent[] = [];
    const session = train({
      target,
      load,
      clock: realClock,
      signal: new AbortController().signal,
      allowTargets: [],
      sessionId: 'ses_1',
      environment: SECRETS,
      kinds: ['load_balancing'],
      budgetMs: 180_000,
      holdMs: 120_000,
      precision: 0.05,
      seed: 1,
      history: [],
    });
    for await (const event of session) events.push(event);
    if (!rotates) expect(server.statuses[401]).toBeUndefined();
    expect(server.statuses[401] ?? 0).toBeLessThan(0.001 * (server.statuses[200] ?? 0));
    expect(server.logins.length).toBeGreaterThanOrEqual(5);
    expect(server.logins.length).toBeLessThan(25);
    const judged = events.flatMap((event) => (event.type === 'scenario_completed' ? [event.result.verdict] : []));
    expect(judged.filter((verdict) => verdict === 'undecided').length).toBeLessThan(judged.length / 2);
    expect(JSON.stringify(events)).not.toMatch(/top-secret|tok-shop/);
  } finally {
    await Promise.all([server.close(), load.close()]);
  }
});

it('a login that hangs is given up after 10 s', { timeout: 60_000 }, async () => {
  const load = createThreadLoad();
  const server = await startTokenServer({ seconds: 20 });
  server.login = () => undefined;
  try {
    const target = toTarget({ url: server.url, auth: AUTH }, 'shop');
    const session = train({
      target,
      load,
      clock: realClock,
      signal: new AbortController().signal,
      allowTargets: [],
      sessionId: 'ses_1',
      environment: SECRETS,
      kinds: ['load_balancing'],
      budgetMs: 60_000,
      precision: 0.05,
      seed: 1,
      history: [],
    });
    await expect(session.next()).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringMatching(/the login failed: connected, but no answer within 10 s/),
    });
  } finally {
    await Promise.all([server.close(), load.close()]);
  }
});
