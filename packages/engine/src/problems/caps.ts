import type { Base, Plan, Safety } from '@hive/contract';

/** The base load as far as a target's caps allow it. */
export function baseWithin(base: Base, { maxRatePerSecond, maxConnections }: Safety): Base {
  return {
    ratePerSecond: Math.min(base.ratePerSecond, maxRatePerSecond),
    connections: Math.min(base.connections, maxConnections),
  };
}

/** Of a plan that is too long, so much is warm-up at most. */
const WARMUP_SHARE = 1 / 3;

/** The same plan, no longer than a target allows: its warm-up and judged part together, and what is done before. */
export function planWithin(plan: Plan, { maxSeconds }: Pick<Safety, 'maxSeconds'>): Plan {
  const mostMs = maxSeconds * 1_000;
  const { preparation } = plan;
  const isLong = plan.warmupMs + plan.durationMs > mostMs;
  const warmupMs = isLong ? Math.min(plan.warmupMs, mostMs * WARMUP_SHARE) : plan.warmupMs;
  return {
    ...plan,
    warmupMs,
    durationMs: Math.min(plan.durationMs, mostMs - warmupMs),
    ...(preparation === undefined
      ? {}
      : { preparation: { ...preparation, maxMs: Math.min(preparation.maxMs, mostMs) } }),
  };
}
