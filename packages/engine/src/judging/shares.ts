import { allowedShare, parseObjectives, type Objective } from '@hive/contract';

/**
 * A mean is counted as a share: each request is bad by this part of its response time ÷ the mean that is allowed, so that as many are bad
 * as this share allows when the mean is just what is allowed.
 */
const MEAN_SHARE = 0.25;

/** The share of its requests that a clause allows to be bad; null for `throughput`, which moves no limit. */
export function clauseShare(objective: Objective): number | null {
  return objective.type === 'average' ? MEAN_SHARE : allowedShare(objective);
}

/** The share of requests that counts as bad in a clause about their mean response time, 0–1. */
export function shareByMean(meanMs: number, allowedMs: number): number {
  return Math.min(1, (MEAN_SHARE * meanMs) / allowedMs);
}

/** How many of `requests` that is. */
export function badByMean(requests: number, meanMs: number, allowedMs: number): number {
  const bad = Math.floor(requests * shareByMean(meanMs, allowedMs));
  // Rounding must not hide that the clause is broken: it asks for less than what it names.
  return meanMs < allowedMs ? bad : Math.min(requests, Math.max(bad, Math.floor(MEAN_SHARE * requests) + 1));
}

/** What a clause allows requests to take, or their mean, ms; null where it is about something else. */
export function latencyMsOf(objective: Objective): number | null {
  return objective.type === 'percentile' || objective.type === 'average' ? objective.latencyMs : null;
}

/** The latencies that answers are counted by, ms: one for each clause that names one. */
export function latenciesOf(objectives: readonly string[]): number[] {
  return parseObjectives(objectives).flatMap((one) => latencyMsOf(one) ?? []);
}
