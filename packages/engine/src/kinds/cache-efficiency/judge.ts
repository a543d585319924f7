import { figure } from '../../figure.js';
import type { Judge, Judgement, Stretch } from '../../judging/facts.js';

const WINDOW_SECONDS = 2;
/** Two windows agree when their hit shares differ by no more than a point, or by what chance makes of their numbers. */
const AGREEMENT = 0.01;
/** Standard deviations of the difference that chance is granted. */
const CHANCE = 2;

interface Reads {
  hits: number;
  all: number;
  seconds: number;
}

interface CacheWindow extends Reads {
  parts: Reads[];
}

/**
 * The share of reads that the cache answers, from where two windows of 2 s agree: a cache judged while it still fills looks half as large as
 * it is. A miss counts as bad here, and a short run makes that no milder.
 */
export const judgeCacheEfficiency: Judge = ({ whole, stretches, budgets, endedEarly }) => {
  const floor = budgets.hitShare;
  if (whole.counts.good === 0) return none('undecided', 'no request got a good answer');
  if (stretches.every(({ cache }) => cache === undefined || cache.hits + cache.misses === 0))
    return none('not_applicable', 'no answer says whether it came from a cache: name the header in budgets.hitHeader');
  const told = windowsOf(stretches);
  const from = told.findIndex((_, index) => index > 0 && isSettled(told.slice(index - 1)));
  if (from < 0) return none('undecided', 'the hit rate had not settled: no two windows of 2 s agree');
  const settled = told.slice(from - 1);
  const { hits, all } = joined(settled);
  if (all < 3 / (1 - floor)) return none('undecided', `${figure(all)} reads are too few to judge`);
  const passed = hits >= floor * all;
  const { expression, allowedShare } = hitShareClause(floor);
  const reason = `hit rate ${figure((hits / all) * 100)} % over ${figure(all)} reads (${figure(floor * 100)} % required)`;
  return {
    verdict: passed ? 'passed' : 'failed',
    reason,
    objectives: [{ expression, observed: hits / all, outcome: passed ? 'passed' : 'failed' }],
    evidence: {
      type: 'counts',
      clauses: [{ expression, bad: all - hits, planned: all, allowedShare }],
      blocks: settled
        .flatMap(({ parts }) => parts)
        .map((part) => ({ seconds: part.seconds, planned: part.all, bad: [part.all - part.hits] })),
      ...(endedEarly ? { endedEarly: true } : {}),
    },
  };
};

/** What a cache is judged by: a miss is bad. */
export function hitShareClause(floor: number): { expression: string; allowedShare: number } {
  return { expression: `hit share>=${figure(floor)}`, allowedShare: 1 - floor };
}

function windowsOf(stretches: readonly Stretch[]): CacheWindow[] {
  const windows: CacheWindow[] = [];
  let parts: Reads[] = [];
  for (const { cache, seconds } of stretches) {
    parts.push({ hits: cache?.hits ?? 0, all: (cache?.hits ?? 0) + (cache?.misses ?? 0), seconds });
    const window = joined(parts);
    if (window.seconds < WINDOW_SECONDS - 0.05) continue;
    windows.push({ ...window, parts });
    parts = [];
  }
  return windows;
}

/** The first two windows agree, and so do both halves: a slow climb hides between neighbors of few reads. */
function isSettled(windows: readonly CacheWindow[]): boolean {
  const [first, second] = windows as [CacheWindow, CacheWindow];
  const half = windows.length >> 1;
  return agree(first, second) && agree(joined(windows.slice(0, half)), joined(windows.slice(half)));
}

function joined(windows: readonly Reads[]): Reads {
  const sum = (value: (window: Reads) => number): number => windows.reduce((total, window) => total + value(window), 0);
  return { hits: sum(({ hits }) => hits), all: sum(({ all }) => all), seconds: sum(({ seconds }) => seconds) };
}

function agree(one: Reads, other: Reads): boolean {
  if (one.all === 0 || other.all === 0) return false;
  const share = (one.hits + other.hits) / (one.all + other.all);
  const chance = Math.sqrt(share * (1 - share) * (1 / one.all + 1 / other.all));
  return Math.abs(one.hits / one.all - other.hits / other.all) <= Math.max(AGREEMENT, CHANCE * chance);
}

function none(verdict: 'undecided' | 'not_applicable', reason: string): Judgement {
  return { verdict, reason, objectives: [], evidence: null };
}
