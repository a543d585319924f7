import type { Facts, Judge, Stretch } from './facts.js';

/** Whether it would have passed had the generator sent everything on time. */
export function passesInTime({ facts, judge }: { facts: Facts; judge: Judge }): boolean {
  return judge(sentInTime(facts)).verdict !== 'failed';
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
