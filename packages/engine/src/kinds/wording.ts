import { parseObjectives, type Objective, type Plan } from '@hive/contract';
import { figure } from '../figure.js';
import { DECIDING_REQUESTS } from '../learning/weights.js';

/** The plan's times where neither learner nor user says otherwise: 2 s warm-up, 10 s judged. */
export const STANDARD_PLAN: Omit<Plan, 'arrivals'> = {
  warmupMs: 2_000,
  durationMs: 10_000,
  timeoutMs: 10_000,
  graceMs: 10_000,
};

const LONGEST_MS = 30_000;

/** How long a p99 takes to be decided at a rate, ms; within the standard plan's 10 s and 30 s. */
export function decidingMs(ratePerSecond: number): number {
  return Math.min(Math.max(STANDARD_PLAN.durationMs, (DECIDING_REQUESTS / ratePerSecond) * 1_000), LONGEST_MS);
}

/** The objectives as one phrase: "p99 response time under 250 ms and errors under 1 %". */
export function objectivesInWords(expressions: readonly string[]): string {
  const phrases = parseObjectives(expressions).map((objective) => {
    const { requestClass } = objective;
    return requestClass === null ? inWords(objective) : `${inWords(objective)} of ${requestClass}`;
  });
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(phrases);
}

function inWords(objective: Objective): string {
  const what = objective.of === 'firstByte' ? 'time to the first byte' : 'response time';
  switch (objective.type) {
    case 'percentile':
      return `p${figure(objective.quantile * 100)} ${what} under ${figure(objective.latencyMs)} ms`;
    case 'average':
      return `mean ${what} under ${figure(objective.latencyMs)} ms`;
    case 'extreme':
      return `${objective.which === 'min' ? 'shortest' : 'longest'} ${what} under ${figure(objective.latencyMs)} ms`;
    case 'errors':
      return objective.share === 0
        ? 'no errors'
        : `errors ${objective.exactly ? 'of' : 'under'} ${figure(objective.share * 100)} %`;
    case 'throughput':
      return `at least ${figure(objective.perSecond)} answers/s`;
    case 'count':
      return `good answers ${objective.comparison} ${figure(objective.requests)}`;
  }
}
