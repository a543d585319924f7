import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { session } from './virtual-session.js';

describe('a training session with a hold', () => {
  it('holds what counts as safe at the end, and says for how long it held', async () => {
    const { ended, load, clock } = await session({ limit: 400 }, { budgetMs: 300_000, holdMs: 120_000 });
    const last = load.orders.at(-1);
    expect((last?.warmupMs ?? 0) + (last?.durationMs ?? 0)).toBe(120_000);
    const rate = last?.arrivals.model === 'open' ? last.arrivals.stages[0]?.toPerSecond : undefined;
    expect(rate).toBeGreaterThan(300);
    expect(rate).toBeLessThan(400);
    expect(clock.now()).toBeLessThanOrEqual(300_500);
    expect(ended.limits[0]?.heldSeconds).toBe(118);
    expect(ended.reason).toMatch(/^soaked at the safe rate: met the objectives at \d+ requests\/s for 118 s$/);
    expect(ended.limits[0]?.safe).toBeLessThanOrEqual(rate as number);
  });

  it('holds in time on a target whose answers come late or never, and no throughput decides it', async () => {
    const objectives = ['p(99)<250', 'rate<0.01', 'throughput>=5000'];
    const measured = toTarget({ url: 'http://127.0.0.1:1', objectives }, 'shop');
    const { ended, clock } = await session(
      { limit: 400, hangs: true },
      { target: measured, budgetMs: 200_000, holdMs: 60_000 },
    );
    expect(clock.now()).toBeLessThanOrEqual(200_500);
    expect(ended.limits[0]?.heldSeconds).toBe(58);
  });

  it('says so where the hold that was asked for was not made', async () => {
    const slow = toTarget({ url: 'http://127.0.0.1:1', objectives: ['p(99)<10'] }, 'shop');
    const { ended } = await session({ limit: 400 }, { target: slow, budgetMs: 300_000, holdMs: 60_000 });
    expect(ended.reason).toMatch(/; the soak of 60 s did not start: no safe rate is measured yet$/);
  });
});
