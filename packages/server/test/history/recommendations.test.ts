import type { Analytics, Limit } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { recommend } from '../../src/history/recommendations.js';
import { noRuns } from '../../src/history/run-fold.js';

const limit = (change: Partial<Limit> = {}): Limit => ({
  kind: 'load_balancing',
  unit: 'requests/s',
  status: 'known',
  method: 'bracket',
  estimate: 400,
  low: 390,
  high: 410,
  level: null,
  safe: null,
  band: null,
  horizonSeconds: 10,
  binding: 'p(99)<250',
  scenarios: 9,
  updatedAt: null,
  ...change,
});
const analysis = (...limits: Limit[]): Analytics['kinds'] => [
  {
    kind: 'load_balancing',
    limits: limits.map((one, index) => ({ session_id: `s${index}`, at: '2026-01-01T00:00:00.000Z', limit: one })),
    steps: [],
    drop: null,
    pass_rates: [],
    curve: [],
    predicted: [],
  },
];

describe('recommendations', () => {
  it('are none while nothing was measured', () => {
    expect(recommend([], noRuns())).toEqual([]);
    expect(recommend(analysis(limit({ status: 'unknown', low: null, high: null })), noRuns())).toEqual([]);
  });

  it('rest on the bracket of a known limit', () => {
    const [advice, ...more] = recommend(analysis(limit()), noRuns());
    expect(advice?.text).toContain('390 requests/s');
    expect(advice?.evidence).toContain('limit 390–410 requests/s');
    expect(advice?.evidence).toContain('p(99)<250 breaks first');
    expect(more).toEqual([]);
  });

  it('say where to keep a load, and whether it held there', () => {
    const [predicted] = recommend(analysis(limit({ safe: 370 })), noRuns());
    expect(predicted?.text).toContain('at or below 370 requests/s');
    expect(predicted?.evidence).not.toContain('soak');
    expect(recommend(analysis(limit({ safe: 370, heldSeconds: 300 })), noRuns())[0]?.evidence).toContain(
      'confirmed by a soak of 300 s',
    );
  });

  it('name a limit that was not reached, and one that was never kept', () => {
    expect(recommend(analysis(limit({ status: 'at_least', low: 800, high: null })), noRuns())[0]?.evidence).toContain(
      '800',
    );
    expect(recommend(analysis(limit({ status: 'below', low: null, high: 5 })), noRuns())[0]?.evidence).toContain(
      '5 requests/s',
    );
  });

  it('point out a limit that fell out of its earlier bracket, and only that', () => {
    const fell = recommend(analysis(limit(), limit({ low: 290, high: 310 })), noRuns());
    expect(fell.map(({ text }) => text).join()).toContain('the limit has dropped');
    expect(recommend(analysis(limit(), limit({ low: 380, high: 400 })), noRuns())).toHaveLength(1);
    expect(recommend(analysis(limit(), limit({ low: 490, high: 510 })), noRuns())).toHaveLength(1);
  });

  it('name a drop of the newest sessions, else the newest step, with the marks in between', () => {
    const places = {
      before: { session_id: 's3', at: '2026-01-03T10:00:00.000Z' },
      after: { session_id: 's4', at: '2026-01-04T10:00:00.000Z' },
    };
    const marks = ['4.2.4', '4.2.3', '4.2.2', '4.2.1'].map((text) => ({ id: text, at: places.after.at, text }));
    const [kind] = analysis(limit(), limit({ low: 290, high: 310 })) as [Analytics['kinds'][number]];
    const fell = { ...places, ratio: 0.75, marks };
    const told = (change: Partial<typeof kind>) => recommend([{ ...kind, ...change }], noRuns()).slice(1);
    const drop = { ratio: 0.82, since: places.after, against: 10, marks: [] };
    expect(told({ steps: [fell], drop })).toEqual([
      {
        text: 'Request rate: find out what changed, the limit has dropped by 18 %',
        evidence: 'the two newest sessions found less than the 10 before them, since 2026-01-04',
      },
    ]);
    expect(told({ steps: [{ ...fell, ratio: 2 }, fell] }).at(-1)).toEqual({
      text: 'Request rate: find out what changed, the limit dropped by 25 %',
      evidence:
        'it changed between 2026-01-03 and 2026-01-04, and it has stayed so; in between: 4.2.4, 4.2.3, 4.2.2 and 1 more',
    });
    expect(told({ steps: [fell, { ...fell, ratio: 1.3, marks: [] }] }).at(-1)).toEqual({
      text: 'Request rate: more load may be safe, the limit rose by 30 %',
      evidence: 'it changed between 2026-01-03 and 2026-01-04, and it has stayed so',
    });
  });
});
