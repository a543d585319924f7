import { describe, expect, it } from 'vitest';
import { judgeResourceAllocation } from '../../src/kinds/resource-allocation/judge.js';
import { facts, group, stretch } from '../judging/measured.js';

const calm = stretch(1_000);
const judge = (spared = calm, noisy = calm) =>
  judgeResourceAllocation(facts({ groups: [group('read', spared), group('report', noisy)] }));

describe('judgeResourceAllocation', () => {
  it.each([
    [
      'both classes are well',
      judge(),
      'passed',
      /^read: met p\(99\)<250 and rate<0\.01 \(observed 0 %, 1,000 requests\)$/,
    ],
    ['the noisy class suffers alone', judge(calm, stretch(1_000, { failed: 900 })), 'passed', /^read: met /],
    [
      'the protected class is slowed',
      judge(stretch(1_000, { slow: 20 })),
      'failed',
      /^read: p\(99\)<250 failed: 20 of/,
    ],
    ['the protected class is refused', judge(stretch(1_000, { failed: 20 })), 'failed', /^read: rate<0\.01 failed/],
    ['ten of a thousand are bad', judge(stretch(1_000, { slow: 10 })), 'passed', /^read: met /],
    ['eleven of a thousand are bad', judge(stretch(1_000, { slow: 11 })), 'failed', /^read: .* 11 of 1,000/],
    ['too little of the protected class was sent', judge(stretch(200)), 'undecided', /^read: p\(99\)<250 is undecided/],
    ['none of the protected class was sent', judge(stretch(0)), 'undecided', /^read: /],
    ['a short run that was plainly bad', judge(stretch(60, { slow: 30 })), 'failed', /^read: .* 30 of 60/],
  ])('%s: %j', (_, { verdict, reason }, expected, why) => {
    expect(verdict).toBe(expected);
    expect(reason).toMatch(why);
  });

  it('takes its evidence from the protected class alone, and shows what became of the noisy one', () => {
    const { evidence, findings } = judge(stretch(1_000, { slow: 4 }), stretch(5_000, { failed: 2_500 }));
    expect(evidence).toMatchObject({
      type: 'counts',
      clauses: [
        { bad: 4, planned: 1_000 },
        { bad: 0, planned: 1_000 },
      ],
    });
    expect(findings).toEqual(['report: 50 % of its requests got a good answer']);
  });

  it('looks at all requests where nothing was counted apart', () => {
    expect(judgeResourceAllocation(facts({ whole: stretch(1_000, { slow: 20 }) })).verdict).toBe('failed');
  });
});
