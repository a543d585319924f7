import { amount, amounts, kindLabel, STATUS_WORDS, type Analytics, type Limit } from '@hive/contract';
import type { KeptResult } from '../store/store.js';

type KindAnalysis = Analytics['kinds'][number];
type Recommendation = Analytics['recommendations'][number];

/** Recommendations from the stored results, each with its evidence. Pure; without measurements there are none. */
export function recommend(kinds: readonly KindAnalysis[], results: readonly KeptResult[]): Recommendation[] {
  return [...kinds.flatMap(ofKind), ...ofMeasuring(results), ...ofErrors(results)];
}

function ofKind({ kind, limits }: KindAnalysis): Recommendation[] {
  const told = limits.filter(({ limit }) => limit.status !== 'unknown' && limit.status !== 'not_applicable');
  const newest = told.at(-1)?.limit;
  if (!newest) return [];
  const advice: Recommendation[] = [];
  const seen = `${newest.scenarios} ${newest.scenarios === 1 ? 'run' : 'runs'}`;
  const label = kindLabel(kind);
  if ((newest.status === 'known' || newest.status === 'unsteady') && newest.low !== null && newest.high !== null) {
    advice.push({
      text: `${label}: stay at or below ${amount(newest.safe ?? newest.low, newest.unit)}`,
      evidence:
        `${interval(newest)}, from ${seen}` +
        (newest.heldSeconds === undefined ? '' : `; confirmed by a soak of ${newest.heldSeconds} s`) +
        (newest.binding === null ? '' : `; ${newest.binding} breaks first`),
    });
  }
  if (newest.status === 'at_least' && newest.low !== null) {
    advice.push({
      text: `${label}: raise the caps of the target to find the limit`,
      evidence: `passed at ${amount(newest.low, newest.unit)}, the highest load tried, in ${seen}`,
    });
  }
  if (newest.status === 'below' && newest.high !== null) {
    advice.push({
      text: `${label}: make the target faster, or relax the objectives: every run failed`,
      evidence: `failed at ${amount(newest.high, newest.unit)}, the lowest load tried, in ${seen}`,
    });
  }
  const before = told.at(-2)?.limit;
  if (before && isBelow(newest, before)) {
    advice.push({
      text: `${label}: find out what changed, the limit has dropped`,
      evidence: `${interval(newest)}; in the previous session ${interval(before)}`,
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
      text: 'Give the load generator more CPU: some measurements are doubtful',
      evidence: `${doubtful.length} of ${results.length} runs were doubtful or not usable${first === undefined ? '' : `, for example: ${first}`}`,
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
      text: `Look at ${worst[0]} errors first`,
      evidence: `${worst[1]} of ${all} errors in ${results.length} runs`,
    },
  ];
}

/** Whether all of one limit's interval lies below the other's. */
function isBelow(limit: Limit, other: Limit): boolean {
  return limit.high !== null && other.low !== null && limit.high < other.low;
}

function interval(limit: Limit): string {
  if (limit.low === null || limit.high === null) return STATUS_WORDS[limit.status];
  return `limit ${amounts(limit.low, limit.high, limit.unit)}`;
}
