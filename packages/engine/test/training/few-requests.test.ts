import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { axesOf } from '../../src/training/axes.js';
import { remedyFor, toldOfFewRequests, type UnderWay } from '../../src/training/planning/few-requests.js';
import type { Axis } from '../../src/learning/axis.js';

function underWay(ratePerSecond: number | null, more: Partial<UnderWay> = {}): UnderWay {
  const { objectives = ['p(99)<2000', 'rate<0.01'] } = more;
  const target = toTarget({ url: 'http://127.0.0.1:1', objectives: [...objectives] }, 'shop');
  const [axis] = axesOf(target, ['load_balancing']) as [Axis];
  return { axis, objectives, ratePerSecond, usualSeconds: 470, budgetSeconds: 240, ...more };
}

describe('where few requests come', () => {
  it.each([null, 5, 400])('at %s requests/s the usual runs have enough, as far as is known', (rate) => {
    expect(toldOfFewRequests(underWay(rate))).toBeNull();
  });

  it('says what is planned instead, what it takes, and the options that help', () => {
    expect(toldOfFewRequests(underWay(3))).toBe(
      'at about 3 requests/s, 30 s have 90 requests, too few for p(99)<2000 and rate<0.01: ' +
        'runs of up to 100 s are planned, and the limit takes about 8 minutes; --budget 8m is enough; ' +
        "--objective 'p(95)<2000' --objective 'rate<0.05' needs less time",
    );
  });

  it('names no budget where there is time, and no objective where none would do', () => {
    expect(toldOfFewRequests(underWay(3, { budgetSeconds: 600 }))).not.toContain('--budget');
    expect(toldOfFewRequests(underWay(0.05))).not.toContain('--objective');
  });

  it.each([
    [3, ['p(95)<2000', 'rate<0.01'], "'p(95)<2000' --objective 'rate<0.05'"],
    [0.9, ['p(99)<2000', 'avg<900'], "'p(90)<2000' --objective 'avg<900'"],
    [3, ['p(99.9)<=2000', 'rate<=0.001'], "'p(95)<=2000' --objective 'rate<=0.05'"],
  ])('at %d requests/s widens only what allows too little: %j', (rate, objectives, options) => {
    expect(remedyFor(underWay(rate, { objectives }))).toBe(`--budget 8m, or --objective ${options}`);
  });

  it('proposes more time than there was, and time alone where requests are not the matter', () => {
    expect(remedyFor(underWay(400, { usualSeconds: 150 }))).toBe('--budget 6m');
    expect(remedyFor(underWay(null, { usualSeconds: 150, budgetSeconds: 60 }))).toBe('--budget 3m');
  });
});
