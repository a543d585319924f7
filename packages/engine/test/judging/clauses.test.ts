import { toTarget } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeClauses, upperTail } from '../../src/judging/clauses.js';
import { judgeConcurrentRequests } from '../../src/kinds/concurrent-requests/judge.js';
import type { Facts, Stretch } from '../../src/judging/facts.js';
import { judgeLoadBalancing } from '../../src/kinds/load-balancing/judge.js';

function stretch(planned: number, good: number, bad: number[], seconds = 1, meanMs: number | null = 10): Stretch {
  const failed = planned - good;
  return {
    endMs: seconds * 1_000,
    seconds,
    bad,
    meanMs,
    counts: {
      planned,
      sent: planned,
      droppedTarget: 0,
      droppedGenerator: 0,
      answered: good,
      good,
      failed,
      timedOut: 0,
      cutOff: 0,
    },
  };
}

const NOTHING_MORE = {
  balance: 'round_robin' as const,
  nodeHeader: null,
  groups: [],
  classes: new Map(),
  connectionTime: null,
  budgets: toTarget({ url: 'http://127.0.0.1:1' }, 'shop').budgets,
  faults: null,
  memory: null,
  endedEarly: false,
};

function facts(objectives: string[], whole: Stretch, more: Partial<Facts> = {}): Facts {
  return {
    objectives,
    latenciesMs: [250],
    whole,
    stretches: [],
    quantilesMs: new Map(),
    errors: {},
    nodes: [{ url: 'http://127.0.0.1:1', weight: 1 }],
    answersByNode: {},
    ...NOTHING_MORE,
    ...more,
  };
}

describe('clauses', () => {
  it.each([
    ['by Hive, which ended the run early, were late', true, { verdict: 'failed', rate: ['passed', 0], bad: [60, 0] }],
    ['after the grace were lost', false, { verdict: 'failed', rate: ['failed', 0.06], bad: [60, 60] }],
  ] as const)('requests that were cut off %s', (_, endedEarly, told) => {
    const { counts, ...rest } = stretch(1_000, 940, [60]);
    const whole = { ...rest, counts: { ...counts, failed: 0, cutOff: 60 } };
    const judged = judgeClauses(facts(['p(99)<250', 'rate<0.01'], whole, { stretches: [whole], endedEarly }));
    const rate = judged.objectives.find(({ expression }) => expression === 'rate<0.01');
    const clauses = judged.evidence?.type === 'counts' ? judged.evidence.clauses : [];
    expect({
      verdict: judged.verdict,
      rate: [rate?.outcome, rate?.observed],
      bad: clauses.map(({ bad }) => bad),
    }).toEqual(told);
  });

  it.each([
    ['300 requests, none slow', 'p(99)<250', 300, 300, 0, 'passed'],
    ['exactly the allowed share', 'p(99)<250', 1_000, 1_000, 10, 'passed'],
    ['one more than allowed', 'p(99)<250', 1_000, 1_000, 11, 'failed'],
    ['too few to pass', 'p(99)<250', 299, 299, 0, 'undecided'],
    ['too few, a single slow one proves nothing', 'p(99)<250', 60, 60, 1, 'undecided'],
    ['too few, but this many are no accident', 'p(99)<250', 60, 60, 5, 'failed'],
    ['nothing planned', 'p(99)<250', 0, 0, 0, 'undecided'],
    ['errors within', 'rate<0.01', 1_000, 990, 10, 'passed'],
    ['errors beyond', 'rate<0.01', 1_000, 989, 11, 'failed'],
    ['no error allowed', 'rate<0', 100, 99, 1, 'failed'],
  ] as const)('%s', (_, objective, planned, good, bad, outcome) => {
    const judged = judgeClauses(facts([objective], stretch(planned, good, [bad])));
    expect(judged.verdict).toBe(outcome);
    expect(judged.objectives[0]?.outcome).toBe(outcome);
  });

  it('names what failed in one sentence', () => {
    const judged = judgeClauses(facts(['p(99)<250', 'rate<0.01'], stretch(1_000, 1_000, [200])));
    expect(judged.reason).toBe(
      'p(99)<250 failed: 200 of 1,000 requests took longer than 250 ms or failed (1 % allowed)',
    );
    expect(judged.evidence).toMatchObject({
      type: 'counts',
      clauses: [
        { expression: 'p(99)<250', bad: 200, planned: 1_000 },
        { expression: 'rate<0.01', bad: 0, planned: 1_000 },
      ],
    });
  });

  it.each([
    ['refused', { answered: 700, good: 700, failed: 300 }, 300, 'rate<0.01'],
    ['answered 503', { answered: 1_000, good: 700 }, 300, 'rate<0.01'],
    ['refused, and a few more slow', { answered: 720, good: 720, failed: 280 }, 300, 'rate<0.01'],
    ['half refused, half slow', { answered: 850, good: 850, failed: 150 }, 300, 'p(99)<250'],
    ['never answered', { answered: 700, good: 700, timedOut: 300 }, 300, 'p(99)<250'],
    ['slow', {}, 300, 'p(99)<250'],
    ['refused as often as is allowed, and one more slow', { answered: 990, good: 990, failed: 10 }, 11, 'p(99)<250'],
  ])('names the clause that tells why: %s', (_, counts, bad, binding) => {
    const all = stretch(1_000, 1_000, [bad]);
    const judged = judgeClauses(facts(['p(99)<250', 'rate<0.01'], { ...all, counts: { ...all.counts, ...counts } }));
    expect(judged.reason.startsWith(`${binding} failed: `)).toBe(true);
  });

  it('holds nothing against the target that the generator did not send', () => {
    const all = stretch(1_000, 950, [0], 10);
    const unsent = { ...all, counts: { ...all.counts, sent: 950, failed: 0, droppedGenerator: 50 } };
    expect(judgeClauses(facts(['rate<0.01'], unsent)).verdict).toBe('passed');
    expect(judgeClauses(facts(['throughput>=98'], unsent)).verdict).toBe('undecided');
  });

  it('judges throughput only where at least that much was offered', () => {
    expect(judgeClauses(facts(['throughput>=100'], stretch(500, 500, [0], 10))).verdict).toBe('undecided');
    expect(judgeClauses(facts(['throughput>=100'], stretch(1_200, 900, [0], 10))).verdict).toBe('failed');
    expect(judgeClauses(facts(['throughput>=100'], stretch(1_200, 1_100, [0], 10))).verdict).toBe('passed');
    // The last of them came seconds after the end.
    const draining = { ...stretch(1_200, 1_100, [0], 10), goodSeconds: 12 };
    expect(judgeClauses(facts(['throughput>=100'], draining)).verdict).toBe('failed');
  });

  it('judges every block of a clause with `for`: one bad block fails what the whole would pass', () => {
    const good = stretch(400, 400, [0]);
    const whole = stretch(4_000, 4_000, [30], 10);
    const stretches = [...Array.from({ length: 9 }, () => good), stretch(400, 400, [30])];
    expect(judgeClauses(facts(['p(99)<250'], whole, { stretches })).verdict).toBe('passed');
    expect(judgeClauses(facts(['p(99)<250 for 1s'], whole, { stretches })).verdict).toBe('failed');
    expect(judgeClauses(facts(['p(99)<250 for 20s'], whole, { stretches })).verdict).toBe('undecided');
  });

  it.each([
    ['half of what is allowed', 40, 125, 'passed'],
    ['just within', 79.99, 249, 'passed'],
    ['just what it must be less than', 80, 251, 'failed'],
    ['one and a half times as much', 120, 375, 'failed'],
    ['ten times as much', 800, 1_000, 'failed'],
  ] as const)('counts a mean as a share, a quarter of which is allowed: %s', (_, meanMs, bad, verdict) => {
    const judged = judgeClauses(facts(['avg<80'], stretch(1_000, 1_000, [], 1, meanMs)));
    expect(judged.verdict).toBe(verdict);
    expect(judged.evidence).toMatchObject({
      type: 'counts',
      clauses: [{ expression: 'avg<80', bad, planned: 1_000, allowedShare: 0.25 }],
    });
    expect(judged.furtherEvidence).toBeUndefined();
  });

  it('counts no mean where nothing was measured', () => {
    const nothing = { ...stretch(100, 0, [100]), meanMs: null };
    const judged = judgeClauses(facts(['p(99)<250', 'avg<80'], nothing));
    expect(judged.evidence).toMatchObject({ clauses: [{ planned: 100 }, { bad: 0, planned: 0 }] });
  });

  it('counts two clauses of one latency by counters of their own', () => {
    const { evidence } = judgeClauses(facts(['p(95)<200', 'ttfb.p(95)<200'], stretch(1_000, 1_000, [100, 0])));
    const clauses = evidence?.type === 'counts' ? evidence.clauses.map(({ expression, bad }) => [expression, bad]) : [];
    expect(clauses).toEqual([
      ['p(95)<200', 100],
      ['ttfb.p(95)<200', 0],
    ]);
  });

  it.each([
    ['count==900', 'passed', 900],
    ['count>=901', 'failed', 900],
    ['count<900', 'failed', 900],
    ['rate==0', 'failed', 0.1],
    ['rate==0.1', 'passed', 0.1],
    ['max<51', 'passed', 50],
    ['max<50', 'failed', 50],
    ['min<2', 'passed', 1],
    ['ttfb.max<10', 'passed', 9],
    ['ttfb.avg<4', 'failed', 5],
    ['ttfb.avg<6', 'passed', 5],
    ['other:count>=1', 'failed', 0],
    ['other:p(95)<10', 'undecided', null],
    ['login:count==40', 'passed', 40],
    ['login:rate<0.5', 'passed', 0.2],
    ['login:p(50)<10', 'passed', 4],
    ['login:p(50)<10 for 1s', 'passed', 4],
  ] as const)('%s of a run is %s', (objective, outcome, observed) => {
    const times = (min: number, mean: number, max: number) => ({
      count: 1_000,
      min,
      mean,
      max,
      p50: mean,
      p90: max,
      p95: max,
      p99: max,
      p999: max,
    });
    const whole = {
      ...stretch(1_000, 900, [100], 2),
      firstByteMeanMs: 5,
      times: { response: times(1, 20, 50), firstByte: times(1, 5, 9) },
    };
    const own = stretch(50, 40, [10], 2);
    const quantilesMs = new Map([[objective.replace(/ $/, ''), 4]]);
    const login = { name: 'login', whole: own, stretches: [stretch(25, 20, [5]), stretch(25, 20, [5])], quantilesMs };
    const judged = judgeClauses(facts([objective], whole, { classes: new Map([['login', login]]) }));
    expect(judged.objectives[0]).toMatchObject({ expression: objective, outcome, observed });
  });

  it('tells of a failure that the counts do not show, but of no throughput: that moves no limit', () => {
    const good = stretch(400, 400, [0, 0]);
    const whole = stretch(4_000, 4_000, [30, 30], 10);
    const stretches = [...Array.from({ length: 9 }, () => good), stretch(400, 400, [30, 30])];
    const evidenceOf = (objectives: string[]) => judgeClauses(facts(objectives, whole, { stretches })).furtherEvidence;
    expect(evidenceOf(['p(99)<250 for 1s'])).toEqual([
      { type: 'verdict', expression: 'p(99)<250 for 1s', passed: false },
    ]);
    expect(evidenceOf(['p(99)<250 for 1s', 'p(99.9)<250'])).toBeUndefined();
    const slow = judgeClauses(facts(['p(99)<250', 'throughput>=100'], stretch(1_200, 900, [0], 10)));
    expect([slow.verdict, slow.furtherEvidence]).toEqual(['failed', undefined]);
  });

  it('counts what drains after the last planned send to the block before', () => {
    const drained = { ...stretch(0, 0, [0], 1, 3_000), endMs: 11_000 };
    drained.counts.answered = 20;
    const stretches = [...Array.from({ length: 10 }, () => stretch(400, 400, [0], 1, 20)), drained];
    const whole = stretch(4_000, 4_000, [0], 10, 35);
    for (const objective of ['avg<200 for 1s', 'p(99)<250 for 1s'])
      expect(judgeClauses(facts([objective], whole, { stretches })).verdict).toBe('passed');
    const { evidence } = judgeClauses(facts(['avg<80'], whole, { stretches }));
    expect(evidence?.type === 'counts' && evidence.blocks?.at(-1)).toMatchObject({ planned: 0, bad: [0] });
  });

  it('counts a drain that is shorter than a block to the block before', () => {
    const frozen = stretch(0, 0, [300], 2);
    const stretches = [...Array.from({ length: 10 }, () => stretch(200, 200, [0])), frozen];
    const whole = stretch(2_000, 2_000, [300], 10);
    expect(judgeClauses(facts(['p(99)<250 for 10s'], whole, { stretches })).verdict).toBe('failed');
    // Nothing was offered in it: no throughput is measured there.
    for (const objective of ['throughput>=200 for 10s', 'throughput>=200 for 2s'])
      expect(judgeClauses(facts([objective], whole, { stretches })).verdict).toBe('passed');
  });

  it('judges what a run that was ended as failed has, though that is no whole block', () => {
    const stretches = [stretch(400, 400, [0]), stretch(200, 200, [150], 0.5)];
    const whole = stretch(600, 600, [150], 1.5);
    const judged = (objective: string, endedEarly: boolean): string =>
      judgeClauses(facts([objective], whole, { stretches, endedEarly })).verdict;
    expect([judged('p(99)<250 for 10s', true), judged('p(99)<250 for 1s', true)]).toEqual(['failed', 'failed']);
    expect([judged('throughput>=1000 for 10s', true), judged('throughput>=100 for 1s', true)]).toEqual([
      'undecided',
      'passed',
    ]);
    expect([judged('p(99)<250 for 10s', false), judged('p(99)<250 for 1s', false)]).toEqual(['undecided', 'passed']);
  });

  it.each(['cutOff', 'droppedTarget'] as const)('weighs the mean of a block by every request in it: %s', (end) => {
    const frozen = stretch(400, 400, [], 1, 10_000);
    Object.assign(frozen.counts, { answered: 0, good: 0, [end]: 400 });
    const stretches = [stretch(400, 400, [], 1, 20), frozen];
    const judged = judgeClauses(facts(['avg<80 for 2s'], stretch(800, 400, [], 2, 5_010), { stretches }));
    expect(judged.objectives[0]).toMatchObject({ outcome: 'failed', observed: 5_010 });
  });

  it('gives the upper tail of the binomial', () => {
    expect(upperTail(60, 1, 0.01)).toBeCloseTo(1 - 0.99 ** 60, 10);
    expect(upperTail(10, 0, 0.3)).toBe(1);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (n, k, share) => {
          expect(upperTail(n, Math.min(k, n), share)).toBeLessThanOrEqual(
            upperTail(n, Math.min(k, n) - 1, share) + 1e-9,
          );
        },
      ),
    );
  });
});

describe('load_balancing', () => {
  const nodes = [1, 2, 3].map((n) => ({ url: `http://127.0.0.1:${n}`, id: `n${n}`, weight: 1 }));
  const whole = stretch(900, 900, [0]);

  it('fails when one node is starved, though every objective is kept', () => {
    const judged = judgeLoadBalancing(
      facts(['p(99)<250'], whole, { nodes, answersByNode: { n1: 400, n2: 400, n3: 100 } }),
    );
    expect(judged.verdict).toBe('failed');
    expect(judged.reason).toContain('n3 gave 100 of the 900');
  });

  it('fails with one dead node of ten, where an index of fairness would still look fine', () => {
    const ten = Array.from({ length: 10 }, (_, n) => ({ url: `http://127.0.0.1:${n + 1}`, id: `n${n}`, weight: 1 }));
    const answersByNode = Object.fromEntries(ten.map(({ id }, n) => [id, n === 9 ? 0 : 100]));
    expect(judgeLoadBalancing(facts(['p(99)<250'], whole, { nodes: ten, answersByNode })).verdict).toBe('failed');
  });

  it('heeds weights', () => {
    const weighted = nodes.map((node, index) => ({ ...node, weight: index === 0 ? 8 : 1 }));
    expect(
      judgeLoadBalancing(facts(['p(99)<250'], whole, { nodes: weighted, answersByNode: { n1: 720, n2: 90, n3: 90 } }))
        .verdict,
    ).toBe('passed');
  });
});

describe('concurrent_requests', () => {
  it('fails a frozen server whose few slow answers hide among many quick ones', () => {
    const whole = stretch(50_000, 50_000, [50], 10);
    expect(judgeConcurrentRequests(facts(['p(99)<250'], whole)).verdict).toBe('passed');
    const frozen = judgeConcurrentRequests(
      facts(['p(99)<250'], whole, { connectionTime: { beyondMs: [50 * 4_750], totalMs: 50 * 10_000 } }),
    );
    expect(frozen.verdict).toBe('failed');
    expect(frozen.reason).toContain('% of their time waiting beyond 250 ms');
    // The counts do not show it.
    expect(frozen.furtherEvidence).toEqual([{ type: 'verdict', expression: 'p(99)<250', passed: false }]);
  });
});
