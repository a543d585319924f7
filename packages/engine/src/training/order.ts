import { HiveError, type Plan, type Target } from '@hive/contract';
import type { LoadOrder } from '../measuring.js';

const TICK_MS = 250;

/**
 * The order that makes a load generator run a scenario on a target. Writes are left out unless the target allows them.
 * @throws HiveError `refused_by_safety` when nothing is left to send.
 */
export function toOrder(from: {
  plan: Plan;
  seed: number;
  target: Target;
  /** Latencies whose slower requests are counted. */
  thresholdsMs: number[];
  allowTargets: readonly string[];
}): LoadOrder {
  const { plan, seed, target, thresholdsMs, allowTargets } = from;
  const requests = target.requests.filter((request) => target.safety.allowWrites || isRead(request.method));
  if (requests.length === 0) {
    throw new HiveError(
      'refused_by_safety',
      `every request of ${target.id} writes, and its safety.allowWrites is off`,
      {
        hint: 'add a request that reads, or set safety.allowWrites to true',
      },
    );
  }
  return {
    nodes: target.nodes,
    requests,
    balance: target.balance,
    arrivals: plan.arrivals,
    warmupMs: plan.warmupMs,
    durationMs: plan.durationMs,
    timeoutMs: plan.timeoutMs,
    graceMs: plan.graceMs,
    seed,
    thresholdsMs,
    insecure: target.insecure,
    allowTargets: [...allowTargets],
    tickMs: TICK_MS,
  };
}

/** GET, HEAD and OPTIONS change nothing (RFC 9110, 9.2.1). */
function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
