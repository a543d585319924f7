import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../src/judging/facts.js';
import { judgeClauses } from '../../src/judging/clauses.js';
import { judgeRegions } from '../../src/judging/regions.js';
import { facts, group, stretch } from './measured.js';

type Counted = { planned: number; bad: number };

const whole = ({ planned, bad }: Counted) => stretch(planned, { slow: bad });

const judgedWith = (all: Counted, regions: Record<string, Counted>): Judgement & { regions?: object } => {
  const of = facts({ objectives: ['p(99)<250'], whole: whole(all), stretches: [] });
  const groups = Object.entries(regions).map(([name, counted]) => group(name, whole(counted)));
  return judgeRegions(judgeClauses(of), { facts: of, judge: judgeClauses, regions: groups });
};

describe('a load from several regions', () => {
  it('is as bad as the worst of them, though all together are well', () => {
    // 30 of 10,000 are too slow: 0.3 % of all, and 3 % of those from far.
    const judged = judgedWith(
      { planned: 10_000, bad: 30 },
      {
        near: { planned: 9_000, bad: 0 },
        far: { planned: 1_000, bad: 30 },
      },
    );
    expect(judged).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(/^from far: p\(99\)<250 failed/) as string,
      regions: { near: { verdict: 'passed' }, far: { verdict: 'failed' } },
      evidence: { clauses: [{ bad: 30, planned: 1_000 }] },
    });
  });

  it('teaches what the worst region showed also where all passed', () => {
    const judged = judgedWith(
      { planned: 10_000, bad: 8 },
      {
        near: { planned: 5_000, bad: 1 },
        far: { planned: 5_000, bad: 7 },
      },
    );
    expect(judged).toMatchObject({
      verdict: 'passed',
      reason: expect.stringMatching(/^from far: met/) as string,
      evidence: { clauses: [{ bad: 7, planned: 5_000 }] },
    });
  });

  it('of one region is judged as a whole, and says which', () => {
    const judged = judgedWith({ planned: 1_000, bad: 30 }, { eu: { planned: 1_000, bad: 30 } });
    expect(judged.reason).toMatch(/^p\(99\)<250 failed/);
    expect(Object.keys(judged.regions ?? {})).toEqual(['eu']);
  });

  it('of this machine is left as it is', () => {
    expect(judgedWith({ planned: 1_000, bad: 0 }, {}).regions).toBeUndefined();
  });
});
