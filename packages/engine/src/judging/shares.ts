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

/** A clause, and the place of its own counter among all that count by a latency; null: it names none. */
export type Counted = Objective & { counter: number | null };

/** The clauses of the objectives with their counters. */
export function countedObjectives(objectives: readonly string[]): Counted[] {
  let next = 0;
  return parseObjectives(objectives).map((one) => ({ ...one, counter: latencyMsOf(one) === null ? null : next++ }));
}

/** The latencies that answers are counted by, ms: one for each clause that names one. */
export function latenciesOf(objectives: readonly string[]): number[] {
  return parseObjectives(objectives).flatMap((one) => latencyMsOf(one) ?? []);
}

/** Which of these are about the time to the first byte of the body. */
export function firstByteCounters(objectives: readonly string[]): number[] {
  return countedObjectives(objectives).flatMap(({ of, counter }) =>
    of === 'firstByte' && counter !== null ? [counter] : [],
  );
}

/** Whether a clause can move a limit, or is at least weighed in every run; the others are judged where somebody asks for a load as it stands. */
export function isLearnable(objective: Objective): boolean {
  return clauseShare(objective) !== null || objective.type === 'throughput';
}
