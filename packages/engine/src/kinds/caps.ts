import type { Base, Plan, Safety } from '@hive/contract';
import { figure } from '../figure.js';

/** The base load as far as a target's caps allow it. */
export function baseWithin(base: Base, { maxRatePerSecond, maxConnections }: Safety): Base {
  return {
    ratePerSecond: Math.min(base.ratePerSecond, maxRatePerSecond),
    connections: Math.min(base.connections, maxConnections),
  };
}

/** The largest share of a shortened plan that may be warm-up. */
const WARMUP_SHARE = 1 / 3;

/**
 * The same plan, no longer than a target allows (its warm-up and judged part together, and what is done before), and no faster, however
 * quickly the target answers.
 */
export function planWithin(plan: Plan, safety: Pick<Safety, 'maxSeconds' | 'maxRatePerSecond'>): Plan {
  const { maxSeconds, maxRatePerSecond } = safety;
  const mostMs = maxSeconds * 1_000;
  const { preparation, arrivals } = plan;
  const isLong = plan.warmupMs + plan.durationMs > mostMs;
  const warmupMs = isLong ? Math.min(plan.warmupMs, mostMs * WARMUP_SHARE) : plan.warmupMs;
  return {
    ...plan,
    arrivals: arrivals.model === 'closed' ? { ...arrivals, maxPerSecond: maxRatePerSecond } : arrivals,
    warmupMs,
    durationMs: Math.min(plan.durationMs, mostMs - warmupMs),
    ...(preparation === undefined
      ? {}
      : { preparation: { ...preparation, maxMs: Math.min(preparation.maxMs, mostMs) } }),
  };
}

/** The safety settings that end an axis. */
export type CapName = 'maxRatePerSecond' | 'maxConnections' | 'maxBytesInFlight';

/** What is proposed instead of a cap. */
const HIGHER = 2;
/** The option of `hive train` that raises one for a session. */
const OPTIONS: Readonly<Record<CapName, ((value: number) => string) | null>> = {
  maxRatePerSecond: (value) => `--max-rate ${value}/s`,
  maxConnections: (value) => `--max-connections ${value}`,
  maxBytesInFlight: null,
};

/** How to look beyond the cap of an axis: the setting with its value, and the option that raises it. */
export function howToRaise(name: CapName, value: number): string {
  const option = OPTIONS[name]?.(HIGHER * value);
  const instead = option === undefined ? '' : `, or use hive train ${option},`;
  return `raise safety.${name} (now ${figure(value)}) in hive.yaml or in the stored target${instead} to test higher loads`;
}
