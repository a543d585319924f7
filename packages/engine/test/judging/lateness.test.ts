import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { judgeClauses } from '../../src/judging/clauses.js';
import type { Facts } from '../../src/judging/facts.js';
import { createCollector } from '../../src/metrics/collector.js';
import { toFacts } from '../../src/execution/lay-out.js';
import { heedLateness } from '../../src/judging/lateness.js';

const VALID = { status: 'valid' as const, reasons: [] };
const facts = (bad: number, badByLateness?: number): Facts => {
  const counts = {
    planned: 1_000,
    sent: 1_000,
    droppedTarget: 0,
    droppedGenerator: 0,
    answered: 1_000,
    good: 1_000,
    failed: 0,
    timedOut: 0,
    cutOff: 0,
  };
  const late = badByLateness === undefined ? {} : { badByLateness: [badByLateness] };
  return {
    objectives: ['p(99)<250'],
    latenciesMs: [250],
    whole: { endMs: 10_000, seconds: 10, counts, bad: [bad], ...late, meanMs: 20 },
    stretches: [],
    quantilesMs: new Map(),
    errors: {},
    nodes: [],
    answersByNode: {},
    balance: 'round_robin',
    nodeHeader: null,
    groups: [],
    connectionTime: null,
    budgets: toTarget({ url: 'http://127.0.0.1:1' }, 'shop').budgets,
    faults: null,
    memory: null,
    endedEarly: false,
  };
};
const heed = (some: Facts): ReturnType<typeof heedLateness> =>
  heedLateness(VALID, { facts: some, judge: judgeClauses, judged: judgeClauses(some) });

describe('heedLateness', () => {
  it('takes a failure that lateness alone made for invalid, and says so', () => {
    expect(heed(facts(20, 15))).toEqual({ status: 'invalid', reasons: [expect.stringContaining('late')] });
  });

  it('takes the lateness of sends out of a mean as well', () => {
    const slow = { ...facts(0), objectives: ['avg<15'], latenciesMs: [15] };
    expect(heed({ ...slow, whole: { ...slow.whole, latenessMs: 6 } }).status).toBe('invalid');
    expect(heed({ ...slow, whole: { ...slow.whole, latenessMs: 4 } })).toEqual(VALID);
  });

  it('takes it out of the mean of each node too', () => {
    const { whole } = facts(0);
    const stretches = [{ ...whole, latenessMs: 6 }];
    const { groups } = toFacts({
      standard: { objectives: ['avg<15'], latenciesMs: [15] },
      measured: {
        totals: createCollector({ thresholdsMs: [15] }).judged(),
        stretches,
        groups: [{ name: 'a', whole, stretches, quantilesMs: new Map() }],
      },
      target: toTarget({ url: 'http://127.0.0.1:1' }, 'shop'),
      closed: false,
      faults: null,
      memory: null,
      endedEarly: false,
    });
    const [node] = groups;
    if (node === undefined) throw new Error('it must be there');
    expect(heed({ ...facts(0), objectives: ['avg<15'], latenciesMs: [15], ...node }).status).toBe('invalid');
  });

  it.each([
    ['a failure that would have been one anyway', facts(20, 5)],
    ['a failure without lateness', facts(20)],
    ['what passed in spite of lateness', facts(8, 8)],
  ])('leaves %s alone', (_, some) => {
    expect(heed(some)).toEqual(VALID);
  });
});
