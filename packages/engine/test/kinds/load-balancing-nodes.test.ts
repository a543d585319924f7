import { describe, expect, it } from 'vitest';
import { join } from '../../src/judging/clauses.js';
import type { Facts, GroupFacts, Judgement } from '../../src/judging/facts.js';
import { judgeLoadBalancing } from '../../src/kinds/load-balancing/judge.js';
import { facts, group, stretch } from '../judging/measured.js';

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
    ['even shares', judge([400, 390, 410]), 'passed', /^met /],
    [
      'one dead node of ten',
      judge([...nine, 0]),
      'failed',
      /^node n10 gave 0 of the 900 good answers, less than half of its fair share \(90\)$/,
    ],
    ['a node below half its share', judge([500, 500, 190]), 'failed', /^node n3 gave 190 /],
    ['a node at half its share', judge([500, 500, 200]), 'passed', /^met /],
    ['a small node that gets its weighted share', judge([900, 100], { weights: [9, 1] }), 'passed', /^met /],
    ['a large node that gets as much as a small one', judge([500, 500], { weights: [9, 1] }), 'passed', /^met /],
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
      /^met /,
    ],
    [
      'a node gets nothing by least connections',
      judge([600, 590, 0], { balance: 'least_connections' }),
      'failed',
      /^node n3 gave none of the 1,190 good answers$/,
    ],
    ['a single node', judge([1_000]), 'passed', /^met /],
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

  describe('behind one address', () => {
    const behind = (groups: readonly GroupFacts[], more: Partial<Facts> = {}) => {
      const whole = groups.map((one) => one.whole).reduce((a, b) => ({ ...join(a, b), seconds: b.seconds }));
      const nodes = [{ url: 'http://127.0.0.1:1', weight: 1 }];
      return judgeLoadBalancing(facts({ nodes, nodeHeader: 'x-node', groups, whole, ...more }));
    };
    const countsOf = ({ evidence }: Judgement) =>
      Object.fromEntries(
        evidence?.type === 'counts' ? evidence.clauses.map((one) => [one.expression, [one.bad, one.planned]]) : [],
      );

    it('each clause has its own worst node: one breaks the errors, another is the slowest', () => {
      const groups = [
        group('a', stretch(1_000, { slow: 80 })),
        group('b', stretch(1_000, { slow: 20 })),
        group('c', stretch(1_000, { slow: 5, failed: 25 })),
      ];
      const judged = behind(groups, { objectives: ['p(90)<150', 'rate<0.01'], latenciesMs: [150] });
      expect(judged).toMatchObject({
        verdict: 'failed',
        reason: expect.stringMatching(/^node c: rate<0.01/) as string,
      });
      expect(countsOf(judged)).toEqual({
        'p(90)<150': [130, 3_000],
        'rate<0.01': [25, 3_000],
        'p(90)<150 on its worst node': [80, 1_000],
        'rate<0.01 on its worst node': [25, 1_000],
      });
      expect(judged.furtherEvidence).toBeUndefined();
    });

    it('one bad answer of a node that gave no other does not hide the worst one', () => {
      const groups = [
        group('a', stretch(1_000)),
        group('b', stretch(1_000)),
        group('c', stretch(1_000, { slow: 25 })),
        group('stray', stretch(1, { slow: 1 })),
      ];
      expect(countsOf(behind(groups, { balance: 'least_connections' }))['p(99)<250 on its worst node']).toEqual([
        25, 1_000,
      ]);
    });

    it('nor does one good answer', () => {
      const groups = [group('a', stretch(1_000, { slow: 8 })), group('b', stretch(1_000)), group('stray', stretch(1))];
      expect(countsOf(behind(groups, { balance: 'least_connections' }))['p(99)<250 on its worst node']).toEqual([
        8, 1_000,
      ]);
    });

    it('a node that breaks what no count shows is evidence of its own', () => {
      const seconds = Array.from({ length: 10 }, (_, i) =>
        stretch(400, { seconds: 1, endMs: 1_000 * (i + 1), slow: i === 9 ? 30 : 0 }),
      );
      const slow = { ...group('c', stretch(4_000, { slow: 30 })), stretches: seconds };
      const judged = behind([group('a', stretch(4_000)), group('b', stretch(4_000)), slow], {
        objectives: ['p(99)<250 for 1s'],
      });
      expect(judged).toMatchObject({ verdict: 'failed', reason: expect.stringMatching(/^node c: p\(99\)/) as string });
      expect(judged.furtherEvidence).toEqual([
        { type: 'verdict', expression: 'p(99)<250 for 1s on its worst node', passed: false },
      ]);
    });

    it('a node that is undecided teaches no failure', () => {
      const judged = behind(
        [group('a', stretch(50, { slow: 1 })), group('b', stretch(1_000, { slow: 9 })), group('c', stretch(8_950))],
        { balance: 'least_connections' },
      );
      expect(judged.verdict).toBe('passed');
      expect(judged.furtherEvidence).toBeUndefined();
    });

    it('a node whose mean is too high is the worst one of that clause', () => {
      const slow = { ...stretch(500), meanMs: 300 };
      const judged = behind([group('a', stretch(1_000)), group('b', stretch(1_000)), group('c', slow)], {
        objectives: ['p(99)<500', 'avg<100'],
        latenciesMs: [500],
        whole: { ...stretch(2_500), meanMs: 76 },
        balance: 'least_connections',
      });
      expect(judged).toMatchObject({ verdict: 'failed', reason: expect.stringMatching(/^node c: avg<100/) as string });
      expect(countsOf(judged)['avg<100 on its worst node']).toEqual([375, 500]);
      expect(judged.furtherEvidence).toBeUndefined();
    });

    it('places what a node did that was named late where it did it', () => {
      const half = (index: number, n: number, slow = 0) => stretch(n, { seconds: 0.5, endMs: 500 * (index + 1), slow });
      const late = [6, 7].map((index) => half(index, 100, 50));
      const early = Array.from({ length: 8 }, (_, index) => half(index, index < 6 ? 200 : 100));
      const { evidence } = behind(
        [
          { ...group('a', stretch(1_400)), stretches: early },
          { ...group('b', stretch(200, { slow: 100 })), stretches: late },
        ],
        { stretches: Array.from({ length: 8 }, (_, index) => half(index, 200, index < 6 ? 0 : 50)) },
      );
      const bad = evidence?.type === 'counts' ? (evidence.blocks ?? []).map((block) => block.bad[2]) : [];
      expect(bad).toEqual([0, 0, 0, 0, 0, 0, 100, 100]);
    });

    it('where no answer names a node all of them count as one', () => {
      const judged = behind([group('all', stretch(1_000, { slow: 4 }))], { groups: [] });
      expect(countsOf(judged)).toMatchObject({
        'p(99)<250': [4, 1_000],
        'p(99)<250 on its worst node': [4, 1_000],
      });
      expect([judged.verdict, judged.findings]).toEqual(['passed', undefined]);
    });
  });

  it('is undecided where too little was sent', () => {
    expect(judge([70, 70, 60])).toMatchObject({ verdict: 'undecided', reason: expect.stringContaining('undecided') });
  });
});
