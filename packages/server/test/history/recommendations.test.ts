import type { Analytics, Limit } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { recommend } from '../../src/history/recommendations.js';

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
    pass_rates: [],
    curve: [],
    predicted: [],
  },
];

describe('recommendations', () => {
  it('are none while nothing was measured', () => {
    expect(recommend([], [])).toEqual([]);
    expect(recommend(analysis(limit({ status: 'unknown', low: null, high: null })), [])).toEqual([]);
  });

  it('rest on the bracket of a known limit', () => {
    const [advice, ...more] = recommend(analysis(limit()), []);
    expect(advice?.text).toContain('390 requests/s');
    expect(advice?.evidence).toContain('limit 390–410 requests/s');
    expect(advice?.evidence).toContain('p(99)<250 breaks first');
    expect(more).toEqual([]);
  });

  it('say where to keep a load, and whether it held there', () => {
    const [predicted] = recommend(analysis(limit({ safe: 370 })), []);
    expect(predicted?.text).toContain('at or below 370 requests/s');
    expect(predicted?.evidence).not.toContain('soak');
    expect(recommend(analysis(limit({ safe: 370, heldSeconds: 300 })), [])[0]?.evidence).toContain(
      'confirmed by a soak of 300 s',
    );
  });

  it('name a limit that was not reached, and one that was never kept', () => {
    expect(recommend(analysis(limit({ status: 'at_least', low: 800, high: null })), [])[0]?.evidence).toContain('800');
    expect(recommend(analysis(limit({ status: 'below', low: null, high: 5 })), [])[0]?.evidence).toContain(
      '5 requests/s',
    );
  });

  it('point out a limit that fell out of its earlier bracket, and only that', () => {
    const fell = recommend(analysis(limit(), limit({ low: 290, high: 310 })), []);
    expect(fell.map(({ text }) => text).join()).toContain('the limit has dropped');
    expect(recommend(analysis(limit(), limit({ low: 380, high: 400 })), [])).toHaveLength(1);
    expect(recommend(analysis(limit(), limit({ low: 490, high: 510 })), [])).toHaveLength(1);
  });
});
