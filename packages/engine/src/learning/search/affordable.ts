import type { Kind } from '@hive/contract';
import type { Axis } from '../axis.js';
import { AROUND_SCENARIO_MS, KIND_LEAST_MS } from '../weights.js';

/**
 * Which kinds a budget is enough for, by their places; the first that applies is always kept. The others are `unknown: budget`.
 */
export function affordableKinds(axes: readonly Axis[], budgetMs: number): ReadonlySet<Kind> {
  const applicable = axes
    .filter(({ notApplicable }) => notApplicable === null)
    .sort((a, b) => a.budgetPlace - b.budgetPlace);
  const kept = new Set<Kind>();
  let leftMs = budgetMs;
  for (const axis of applicable) {
    const needsMs = Math.max(KIND_LEAST_MS, axis.fixedMs === null ? 0 : axis.fixedMs(axis.prior) + AROUND_SCENARIO_MS);
    if (kept.size > 0 && needsMs > leftMs) continue;
    kept.add(axis.kind);
    leftMs -= needsMs;
  }
  return kept;
}
