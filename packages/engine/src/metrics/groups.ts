import type { GroupCounts } from '../measuring.js';
import { clearHistogram, createHistogram, encodeHistogram, record, type Histogram } from './histogram.js';

/** What became of the requests of one class or one node since the last tick. */
export interface Group {
  planned: number;
  good: number;
  failed: number;
  bad: Float64Array;
  badByLateness: Float64Array;
  response: Histogram;
}

export function createGroups(count: number, thresholds: number): Group[] {
  return Array.from({ length: count }, () => ({
    planned: 0,
    good: 0,
    failed: 0,
    bad: new Float64Array(thresholds),
    badByLateness: new Float64Array(thresholds),
    response: createHistogram(),
  }));
}

export function recordInGroup(group: Group, responseMs: number): void {
  record(group.response, Math.round(responseMs * 1_000));
}

/** Hands over what was counted, and begins anew. */
export function takeGroups(groups: readonly Group[]): GroupCounts[] {
  return groups.map((group) => {
    const { planned, good, failed, bad, badByLateness, response } = group;
    const taken = { planned, good, failed, bad: [...bad], badByLateness: [...badByLateness] };
    const responseTime = encodeHistogram(response);
    group.planned = 0;
    group.good = 0;
    group.failed = 0;
    bad.fill(0);
    badByLateness.fill(0);
    clearHistogram(response);
    return { ...taken, responseTime };
  });
}
