import type { Kind } from '@hive/contract';
import type { Axis } from '../axis.js';

/** With less than this a kind learns nothing worth having, ms. */
const LEAST_MS = 60_000;
/** Between scenarios of fixed length something is drained, and something is prepared before. */
const AROUND_MS = 10_000;

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
    const needsMs = Math.max(LEAST_MS, axis.fixedMs === null ? 0 : axis.fixedMs(axis.prior) + AROUND_MS);
    if (kept.size > 0 && needsMs > leftMs) continue;
    kept.add(axis.kind);
    leftMs -= needsMs;
  }
  return kept;
}
