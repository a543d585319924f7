import { isUnreached, limitSchema, withUnreached, type Kind, type Limit } from '@hive/contract';
import { expect, it } from 'vitest';

function limit(kind: Kind, more: Partial<Limit> = {}): Limit {
  const nothing = { estimate: null, low: null, high: null, safe: null, band: null, binding: null, updatedAt: null };
  return limitSchema.parse({
    kind,
    unit: 'requests/s',
    status: 'unknown',
    method: 'belief',
    level: 0.95,
    horizonSeconds: 30,
    ...nothing,
    scenarios: 0,
    reason: 'no run yet',
    ...more,
  });
}

const KINDS_ASKED: Kind[] = ['load_balancing', 'concurrent_requests'];
const last = {
  kinds: KINDS_ASKED,
  limits: [limit('load_balancing', { scenarios: 3 }), limit('concurrent_requests', { reason: 'too short' })],
};

it('a kind that the last session did not reach says why', () => {
  const [rate, users, cache] = withUnreached(
    [limit('load_balancing'), limit('concurrent_requests'), limit('cache_efficiency')],
    [last],
  ) as [Limit, Limit, Limit];
  expect(users.reason).toBe('not reached in the last session: too short');
  expect([rate, users, cache].map(isUnreached)).toEqual([false, true, false]);
  expect(rate.reason).toBe('no run yet');
});

it('the newest session that was asked for it counts, and what was tried says nothing of it', () => {
  const other = { kinds: ['load_balancing' as const], limits: [limit('load_balancing')] };
  const before = { ...last, limits: [limit('concurrent_requests', { reason: 'older' })] };
  const asked = [limit('concurrent_requests')];
  expect(withUnreached(asked, [other, last, before])[0]?.reason).toContain('too short');
  const tried = [limit('concurrent_requests', { status: 'rough', scenarios: 2 })];
  expect(withUnreached(tried, [last])).toEqual(tried);
  expect(withUnreached(asked, [])).toEqual(asked);
});
