import type { Counts, Objective, ObjectiveOutcome } from '@hive/contract';
import { figure, rounded } from '../figure.js';
import type { Stretch } from './facts.js';

/** What a clause comes to in a stretch, and why. */
export interface StretchOutcome {
  outcome: ObjectiveOutcome['outcome'];
  observed: number | null;
  because: string;
}

type Of<Type extends Objective['type']> = Extract<Objective, { type: Type }>;

/** The shortest or the longest time of all; a percentile tells more, and a single request decides. */
export function judgeExtreme({ of, which, latencyMs }: Of<'extreme'>, { times }: Stretch): StretchOutcome {
  const measured = times?.[of === 'firstByte' ? 'firstByte' : 'response'];
  if (measured === undefined || measured.count === 0)
    return { outcome: 'undecided', observed: null, because: 'no request was measured' };
  const observed = measured[which];
  const what = of === 'firstByte' ? 'time to the first byte' : 'response time';
  const because = `the ${which === 'min' ? 'shortest' : 'longest'} ${what} was ${figure(observed)} ms`;
  return { outcome: observed < latencyMs ? 'passed' : 'failed', observed, because };
}

/** The number of good answers. */
export function judgeCount({ comparison, requests }: Of<'count'>, { good }: Counts): StretchOutcome {
  const holds = { '<': good < requests, '<=': good <= requests, '>': good > requests, '>=': good >= requests };
  const isMet = comparison === '==' ? good === requests : holds[comparison];
  const because = `there were ${figure(good)} good answers`;
  return { outcome: isMet ? 'passed' : 'failed', observed: good, because };
}

/** A share of errors that must be met exactly. */
export function judgeRateIs(objective: Objective, { planned, bad }: { planned: number; bad: number }): StretchOutcome {
  if (planned === 0) return { outcome: 'undecided', observed: null, because: 'no request was sent' };
  const share = objective.type === 'errors' ? objective.share : 0;
  const because = `${figure(bad)} of ${figure(planned)} requests failed`;
  return { outcome: bad === share * planned ? 'passed' : 'failed', observed: bad / planned, because };
}

/** What was observed, with its unit. */
export function observedOf(type: Objective['type'], observed: number): string {
  if (type === 'errors') return percent(observed);
  if (type === 'count') return `${figure(observed)} good answers`;
  return type === 'throughput' ? `${rounded(observed)} answers/s` : `${rounded(observed)} ms`;
}

export function percent(share: number): string {
  return `${figure(share * 100)} %`;
}
