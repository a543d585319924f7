import { amount, amounts, kindLabel, STATUS_WORDS, type Analytics, type Limit } from '@hive/contract';
import type { RunFold } from './run-fold.js';

type KindAnalysis = Analytics['kinds'][number];
type Recommendation = Analytics['recommendations'][number];

/** Recommendations from the stored results, each with its evidence. Pure; without measurements there are none. */
export function recommend(kinds: readonly KindAnalysis[], fold: RunFold): Recommendation[] {
  return [...kinds.flatMap(ofKind), ...ofMeasuring(fold), ...ofErrors(fold)];
}

function ofKind(analysis: KindAnalysis): Recommendation[] {
  const { kind, limits, drop } = analysis;
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
  if (drop === null && before && isBelow(newest, before)) {
    advice.push({
      text: `${label}: find out what changed, the limit has dropped`,
      evidence: `${interval(newest)}; in the previous session ${interval(before)}`,
    });
  }
  return [...advice, ...ofTrend(analysis)];
}

/** A drop of the newest sessions, else the newest step. */
function ofTrend({ kind, steps, drop }: KindAnalysis): Recommendation[] {
  const label = kindLabel(kind);
  const step = steps.at(-1);
  if (drop !== null)
    return [
      {
        text: `${label}: find out what changed, the limit has dropped by ${change(drop.ratio)}`,
        evidence: `the two newest sessions found less than the ${drop.against} before them, since ${dayOf(drop.since.at)}${sayMarks(drop.marks)}`,
      },
    ];
  if (step === undefined) return [];
  const between = `between ${dayOf(step.before.at)} and ${dayOf(step.after.at)}, and it has stayed so`;
  return [
    {
      text:
        step.ratio < 1
          ? `${label}: find out what changed, the limit dropped by ${change(step.ratio)}`
          : `${label}: more load may be safe, the limit rose by ${change(step.ratio)}`,
      evidence: `it changed ${between}${sayMarks(step.marks)}`,
    },
  ];
}

/** 0.82 → `18 %`. */
function change(ratio: number): string {
  return `${Math.round(Math.abs(1 - ratio) * 100)} %`;
}

function dayOf(at: string): string {
  return at.slice(0, 10);
}

/** Of more, only the number is said. */
const NAMED_MARKS = 3;

function sayMarks(marks: readonly { text: string }[]): string {
  if (marks.length === 0) return '';
  const named = marks.slice(0, NAMED_MARKS).map(({ text }) => text);
  const more = marks.length > NAMED_MARKS ? ` and ${marks.length - NAMED_MARKS} more` : '';
  return `; in between: ${named.join(', ')}${more}`;
}

function ofMeasuring({ runs, doubtful, doubtfulBecause }: RunFold): Recommendation[] {
  if (doubtful === 0) return [];
  return [
    {
      text: 'Give the load generator more CPU: some measurements are doubtful',
      evidence: `${doubtful} of ${runs} runs were doubtful or not usable${doubtfulBecause === null ? '' : `, for example: ${doubtfulBecause}`}`,
    },
  ];
}

function ofErrors({ runs, errors }: RunFold): Recommendation[] {
  const [worst] = Object.entries(errors).toSorted((a, b) => b[1] - a[1]);
  if (!worst || worst[1] === 0) return [];
  const all = Object.values(errors).reduce((sum, count) => sum + count, 0);
  return [
    {
      text: `Look at ${worst[0]} errors first`,
      evidence: `${worst[1]} of ${all} errors in ${runs} runs`,
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
