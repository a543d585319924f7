import {
  figure,
  kindLabel,
  type Comparison,
  type Condition,
  type Headroom,
  type Limit,
  type ScheduledRun,
  type ServiceCheck,
} from '@hive/contract';
import type { Sign } from './follow.js';

type ConditionOf<Type extends Condition['type']> = Extract<Condition, { type: Type }>;

/** What one result says to a rule. */
export interface Observation {
  /** ISO 8601; the same result has the same. */
  at: string;
  sign: Sign;
  /** When what it tells began, ISO 8601. */
  since: string;
  summary: string;
  observed: string | null;
  allowed: string | null;
  trust: string | null;
}

/** A certificate that ends within this time wakes somebody: a service that uses it then fails for everyone. */
const PAGE_DAYS = 7;
/** How many good results in a row close what a rule opened. */
export const CLOSE_AFTER: Record<Condition['type'], number> = {
  checks: 2,
  limit: 1,
  worse: 1,
  headroom: 1,
  schedule: 1,
  load_generators: 1,
};

/** What a check says. What ran under load, or could not be asked, says nothing. */
export function judgeServiceCheck(when: ConditionOf<'checks'>, check: ServiceCheck): Observation {
  const { at, result, reason, asked, good, attempts, certificateDays: days } = check;
  const ending = when.results.includes('fail') && days !== null && days <= PAGE_DAYS && result !== 'under_load';
  const found = {
    at,
    since: at,
    summary: ending && result !== 'fail' ? `its certificate ends in ${days} days` : (reason ?? 'it answers'),
    observed: `${asked - good} of ${asked} requests without an acceptable answer`,
    allowed: `at most 2 of 5`,
    trust: `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} of ${asked} requests`,
  };
  if (ending) return { ...found, sign: 'bad' };
  return { ...found, sign: signOf(when, result) };
}

function signOf({ results }: ConditionOf<'checks'>, result: ServiceCheck['result']): Sign {
  if (result === 'pass') return 'good';
  if (result === 'fail') return results.includes('fail') ? 'bad' : 'none';
  if (result === 'degraded') return results.includes('degraded') ? 'bad' : 'good';
  return 'none';
}

/** What the limit that a session found says. `at`: its end. */
export function judgeLimit(
  { kind, safeBelow }: ConditionOf<'limit'>,
  at: string,
  limit: Limit | undefined,
): Observation {
  const safe = limit?.safe ?? null;
  const unit = limit?.unit ?? '';
  const label = kindLabel(kind);
  const interval =
    limit && limit.low !== null && limit.high !== null ? `${figure(limit.low)}–${figure(limit.high)}` : null;
  return {
    at,
    since: at,
    sign: safe === null ? 'none' : safe < safeBelow ? 'bad' : 'good',
    summary: `${label}: the safe value is ${safe === null ? 'not known' : `${figure(safe)} ${unit}`}`,
    observed: safe === null ? null : `safe at ${figure(safe)} ${unit}`,
    allowed: `at least ${figure(safeBelow)} ${unit}`.trim(),
    trust: interval === null ? null : `the limit lies at ${interval} ${unit} (${limit?.scenarios ?? 0} runs)`,
  };
}

/** What a comparison of a session with the one before it says. */
export function judgeComparison(at: string, { answer, items, tolerance, reasons }: Comparison): Observation {
  const worst = items.find((item) => item.answer === answer && item.decides) ?? items[0];
  const value = (of: number | null | undefined): string => (of === null || of === undefined ? '?' : figure(of));
  const interval =
    worst && worst.low !== null && worst.high !== null ? `${figure(worst.low)}–${figure(worst.high)}` : null;
  return {
    at,
    since: at,
    sign: answer === 'worse' ? 'bad' : answer === 'better' || answer === 'same' ? 'good' : 'none',
    summary: worst
      ? `${worst.name}: ${value(worst.candidate)} ${worst.unit}, the session before found ${value(worst.base)}`
      : (reasons[0] ?? 'nothing could be compared'),
    observed: worst ? `${value(worst.candidate)} ${worst.unit}` : null,
    allowed: worst ? `within ${figure(tolerance * 100)} % of ${value(worst.base)} ${worst.unit}` : null,
    trust: interval === null ? null : `ratio ${interval} (95 % interval)`,
  };
}

export function judgeHeadroom({ below }: ConditionOf<'headroom'>, at: string, found: Headroom | null): Observation {
  const headroom = found?.headroom ?? null;
  const peak = found?.peakPerSecond ?? null;
  return {
    at,
    since: at,
    sign: headroom === null ? 'none' : headroom < below ? 'bad' : 'good',
    summary: headroom === null ? 'the headroom is not known' : `headroom is ${figure(headroom)}`,
    observed: headroom === null ? null : `${figure(headroom)} × peak traffic`,
    allowed: `at least ${figure(below)} × peak traffic`,
    trust: peak === null ? null : `peak ${figure(peak)} requests/s`,
  };
}

export function judgeScheduledRun({ scheduleId, endedAt, startedAt, result, reason }: ScheduledRun): Observation {
  const signs: Partial<Record<ScheduledRun['result'], Sign>> = { pass: 'good', degraded: 'good', fail: 'bad' };
  return {
    at: endedAt ?? startedAt,
    since: startedAt,
    sign: signs[result] ?? 'none',
    summary: `a scheduled run came to ${result}${reason === null ? '' : `: ${reason}`}`,
    observed: null,
    allowed: null,
    trust: `schedule ${scheduleId}`,
  };
}
