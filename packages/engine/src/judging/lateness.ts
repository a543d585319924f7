import type { Validity } from '@hive/contract';
import type { Facts, Judge, Judgement, Stretch } from './facts.js';

const REASON = 'the load generator sent requests late: sent on time, they would have met the objectives';

/** A failure caused by the generator's own lateness is not the target's: it makes the measurement invalid. */
export function heedLateness(
  validity: Validity,
  measured: { facts: Facts; judge: Judge; judged: Judgement },
): Validity {
  const { facts, judge, judged } = measured;
  if (judged.verdict !== 'failed' || judge(sentInTime(facts)).verdict === 'failed') return validity;
  return { status: 'invalid', reasons: [...validity.reasons, REASON] };
}

function sentInTime(facts: Facts): Facts {
  const groups = facts.groups.map((group) => ({ ...group, ...inTime(group) }));
  return { ...facts, ...inTime(facts), groups };
}

function inTime({ whole, stretches }: Pick<Facts, 'whole' | 'stretches'>): Pick<Facts, 'whole' | 'stretches'> {
  return { whole: withoutLateness(whole), stretches: stretches.map(withoutLateness) };
}

function withoutLateness(stretch: Stretch): Stretch {
  const { bad, badByLateness = [], meanMs, latenessMs = 0 } = stretch;
  return {
    ...stretch,
    bad: bad.map((value, index) => value - (badByLateness[index] ?? 0)),
    meanMs: meanMs === null ? null : Math.max(0, meanMs - latenessMs),
  };
}
