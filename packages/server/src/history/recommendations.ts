import type { Analytics, Limit } from '@hive/contract';
import type { KeptResult } from '../store/store.js';

type KindAnalysis = Analytics['kinds'][number];
type Recommendation = Analytics['recommendations'][number];

/** What the stored results advise, each with what it rests on. Pure; nothing measured, nothing advised. */
export function recommend(kinds: readonly KindAnalysis[], results: readonly KeptResult[]): Recommendation[] {
  return [...kinds.flatMap(ofKind), ...ofMeasuring(results), ...ofErrors(results)];
}

function ofKind({ kind, limits }: KindAnalysis): Recommendation[] {
  const told = limits.filter(({ limit }) => limit.status !== 'unknown' && limit.status !== 'not_applicable');
  const newest = told.at(-1)?.limit;
  if (!newest) return [];
  const advice: Recommendation[] = [];
  const seen = `${newest.scenarios} scenarios`;
  if (newest.status === 'known' && newest.low !== null && newest.high !== null) {
    advice.push({
      text: `Keep ${kind} at or below ${amount(newest.safe ?? newest.low, newest)}`,
      evidence:
        `${interval(newest)}, from ${seen}` +
        (newest.heldSeconds === undefined ? '' : `; it held there for ${newest.heldSeconds} s`) +
        (newest.binding === null ? '' : `; ${newest.binding} breaks first`),
    });
  }
  if (newest.status === 'at_least' && newest.low !== null) {
    advice.push({
      text: `Raise the caps of the target to learn where ${kind} breaks`,
      evidence: `it held ${amount(newest.low, newest)}, the most that was tried, in ${seen}`,
    });
  }
  if (newest.status === 'below' && newest.high !== null) {
    advice.push({
      text: `Relax the objectives, or make the target faster: ${kind} fails at the least that was tried`,
      evidence: `it failed at ${amount(newest.high, newest)} in ${seen}`,
    });
  }
  const before = told.at(-2)?.limit;
  if (before && isBelow(newest, before)) {
    advice.push({
      text: `Find out what changed: ${kind} takes less than it did`,
      evidence: `${interval(newest)}; the session before: ${interval(before)}`,
    });
  }
  return advice;
}

function ofMeasuring(results: readonly KeptResult[]): Recommendation[] {
  const doubtful = results.filter(({ row }) => row.validity !== null && row.validity.status !== 'valid');
  const [first] = doubtful.flatMap(({ row }) => row.validity?.reasons ?? []);
  if (doubtful.length === 0) return [];
  return [
    {
      text: 'Give the load generator more room: some measurements cannot be fully trusted',
      evidence: `${doubtful.length} of ${results.length} scenarios were not valid${first === undefined ? '' : `, such as: ${first}`}`,
    },
  ];
}

function ofErrors(results: readonly KeptResult[]): Recommendation[] {
  const totals = new Map<string, number>();
  for (const { row } of results) {
    for (const [kind, count] of Object.entries(row.results?.measurement?.errors ?? {})) {
      totals.set(kind, (totals.get(kind) ?? 0) + count);
    }
  }
  const [worst] = [...totals].toSorted((a, b) => b[1] - a[1]);
  if (!worst || worst[1] === 0) return [];
  const all = [...totals.values()].reduce((sum, count) => sum + count, 0);
  return [
    {
      text: `Look at errors of the kind ${worst[0]} first`,
      evidence: `${worst[1]} of ${all} errors in ${results.length} scenarios`,
    },
  ];
}

/** Whether all of one limit's interval lies below the other's. */
function isBelow(limit: Limit, other: Limit): boolean {
  return limit.high !== null && other.low !== null && limit.high < other.low;
}

function interval(limit: Limit): string {
  if (limit.low === null || limit.high === null) return `${limit.kind}: ${limit.status}`;
  return `${limit.kind} lies between ${amount(limit.low, limit)} and ${amount(limit.high, limit)}`;
}

function amount(value: number, { unit }: Limit): string {
  return `${Number(value.toPrecision(3))} ${unit}`;
}
