import { describe, expect, it } from 'vitest';
import { judgeDataProcessing } from '../../src/kinds/data-processing/judge.js';
import { facts, stretch } from '../judging/measured.js';

const judge = (whole = stretch(200), wrongBodies = 0) =>
  judgeDataProcessing(
    facts({ objectives: ['p(95)<230'], whole, errors: wrongBodies > 0 ? { wrong_body: wrongBodies } : {} }),
  );

describe('judgeDataProcessing', () => {
  it.each([
    ['every body came in time', judge(), 'passed', /^met p\(95\)<230 \(200 requests\)$/],
    ['one in twenty was slow', judge(stretch(200, { slow: 10 })), 'passed', /^met /],
    [
      'more than one in twenty were slow',
      judge(stretch(200, { slow: 11 })),
      'failed',
      /11 of 200 requests took longer/,
    ],
    [
      'bodies that were not whole count as slow ones do',
      judge(stretch(200, { failed: 11 }), 11),
      'failed',
      /11 of 200/,
    ],
    ['59 bodies are too few', judge(stretch(59)), 'undecided', /is undecided: 0 of 59/],
    ['60 are enough', judge(stretch(60)), 'passed', /\(60 requests\)/],
    ['few, and plainly too slow', judge(stretch(8, { slow: 8 })), 'failed', /8 of 8/],
    ['nothing was moved', judge(stretch(0)), 'undecided', /undecided/],
  ])('%s', (_, { verdict, reason }, expected, why) => {
    expect(verdict).toBe(expected);
    expect(reason).toMatch(why);
  });

  it('says how many bodies were not whole, also where that is allowed', () => {
    const { verdict, findings } = judge(stretch(200, { failed: 2 }), 2);
    expect([verdict, findings]).toEqual(['passed', ['2 bodies arrived incomplete or changed']]);
    expect(judge().findings).toBeUndefined();
  });
});
