import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/judging/facts.js';
import { judgeLoadBalancing } from '../../src/judging/load-balancing.js';
import { facts, group, stretch } from './measured.js';

type Answers = readonly number[];

function over(answers: Answers, more: Partial<Facts> & { weights?: readonly number[] } = {}): Facts {
  const { weights, ...rest } = more;
  return facts({
    whole: stretch(answers.reduce((sum, count) => sum + count, 0)),
    nodes: answers.map((_, index) => ({
      url: `http://127.0.0.1:${index + 1}`,
      id: `n${index + 1}`,
      weight: weights?.[index] ?? 1,
    })),
    answersByNode: Object.fromEntries(answers.flatMap((count, index) => (count > 0 ? [[`n${index + 1}`, count]] : []))),
    ...rest,
  });
}
const nine = Array.from({ length: 9 }, () => 100);
const judge = (...given: Parameters<typeof over>) => judgeLoadBalancing(over(...given));

describe('judgeLoadBalancing over several nodes', () => {
  it.each([
    ['even shares', judge([400, 390, 410]), 'passed', /^kept /],
    [
      'one dead node of ten',
      judge([...nine, 0]),
      'failed',
      /^node n10 gave 0 of 900 good answers, less than half its share of 90$/,
    ],
    ['a node below half its share', judge([500, 500, 190]), 'failed', /^node n3 gave 190 /],
    ['a node at half its share', judge([500, 500, 200]), 'passed', /^kept /],
    ['a small node that gets its weighted share', judge([900, 100], { weights: [9, 1] }), 'passed', /^kept /],
    ['a large node that gets as much as a small one', judge([500, 500], { weights: [9, 1] }), 'passed', /^kept /],
    [
      'a large node that gets less than a small one',
      judge([300, 700], { weights: [9, 1] }),
      'failed',
      /^node n1 gave 300 /,
    ],
    [
      'a slow node gets little by least connections',
      judge([600, 590, 20], { balance: 'least_connections' }),
      'passed',
      /^kept /,
    ],
    [
      'a node gets nothing by least connections',
      judge([600, 590, 0], { balance: 'least_connections' }),
      'failed',
      /^node n3 gave none of 1,190 good answers$/,
    ],
    ['a single node', judge([1_000]), 'passed', /^kept /],
  ])('%s', (_, { verdict, reason }, expected, why) => {
    expect(verdict).toBe(expected);
    expect(reason).toMatch(why);
  });

  it('shows Jain’s index, which takes one dead node of ten for fair, and does not judge by it', () => {
    const { verdict, findings, furtherEvidence } = judge([...nine, 0]);
    expect(verdict).toBe('failed');
    expect(furtherEvidence).toEqual([{ type: 'verdict', expression: 'no node starves', passed: false }]);
    expect(findings?.[0]).toMatch(/^Jain's fairness index over \d+ nodes: (?:0\.9|1)$/);
  });

  it('counts a dead node in Jain’s index', () => {
    expect(judge([...nine, 0]).findings).toEqual(["Jain's fairness index over 10 nodes: 0.9"]);
  });

  it('does not speak of shares where too few answers came', () => {
    expect(judge([3, 3, 0], { whole: stretch(1_000) }).verdict).toBe('passed');
  });

  it('fails when one node breaks the objectives, though all requests together keep them', () => {
    const groups = [group('n1', stretch(970)), group('n2', stretch(970)), group('n3', stretch(970, { slow: 20 }))];
    const all = { whole: stretch(2_910, { slow: 20 }), groups };
    const { verdict, reason, evidence } = judge([970, 970, 970], all);
    expect(verdict).toBe('failed');
    expect(reason).toMatch(/^node n3: p\(99\)<250 failed: 20 of 970/);
    expect(evidence).toMatchObject({
      clauses: [
        { expression: 'p(99)<250', bad: 20, planned: 2_910 },
        { expression: 'rate<0.01' },
        { expression: 'p(99)<250 on its worst node', bad: 20, planned: 970 },
        { expression: 'rate<0.01 on its worst node' },
      ],
    });
  });

  it('knows its nodes by where they were asked, whatever names a header gives them', () => {
    const groups = [group('n1', stretch(500)), group('n2', stretch(500))];
    const { verdict } = judge([500, 500], { groups, answersByNode: { 'web-7f9c': 500, 'web-b21d': 500 } });
    expect(verdict).toBe('passed');
  });

  it('is undecided where too little was sent', () => {
    expect(judge([70, 70, 60])).toMatchObject({ verdict: 'undecided', reason: expect.stringContaining('undecided') });
  });
});
