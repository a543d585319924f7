import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allowedShare,
  DEFAULT_OBJECTIVES,
  HiveError,
  objectiveSchema,
  parseObjective,
  parseObjectives,
  strictestLatencyMs,
  type Objective,
} from '@hive/contract';

const latency = (quantile: number, latencyMs: number, blockMs: number | null = null): Partial<Objective> => ({
  type: 'percentile',
  quantile,
  latencyMs,
  blockMs,
});

describe('an objective', () => {
  it.each<[string, Partial<Objective>, string?]>([
    ['p(99)<250', latency(0.99, 250)],
    ['p(95)<=200ms', latency(0.95, 200), 'p(95)<=200'],
    ['p( 99.9 ) < 250 ms', latency(99.9 / 100, 250), 'p(99.9)<250'],
    ['p(50)<0.5', latency(0.5, 0.5)],
    ['p(95)<0.5s', latency(0.95, 500), 'p(95)<500'],
    ['p(95)<1.001s', latency(0.95, 1001), 'p(95)<1001'],
    ['p(99)<250 for 10s', latency(0.99, 250, 10_000)],
    ['p(99)<250ms  for  1m30s', latency(0.99, 250, 90_000), 'p(99)<250 for 1m30s'],
    ['avg<80', { type: 'average', latencyMs: 80, blockMs: null }],
    ['avg<=80ms for 500ms', { type: 'average', latencyMs: 80, blockMs: 500 }, 'avg<=80 for 500ms'],
    ['med<0.1s', latency(0.5, 100), 'med<100'],
    ['min<5', { type: 'extreme', which: 'min', latencyMs: 5 }],
    ['max<=2s', { type: 'extreme', which: 'max', latencyMs: 2_000 }, 'max<=2000'],
    ['rate<0.01', { type: 'errors', share: 0.01, exactly: false, blockMs: null }],
    ['rate<=0', { type: 'errors', share: 0 }],
    ['rate == 0', { type: 'errors', share: 0, exactly: true }, 'rate==0'],
    ['rate<1', { type: 'errors', share: 1 }],
    ['count>=1000', { type: 'count', comparison: '>=', requests: 1_000 }],
    ['count==5', { type: 'count', comparison: '==', requests: 5 }],
    ['throughput>=100', { type: 'throughput', perSecond: 100 }],
    ['throughput>0.5 for 2s', { type: 'throughput', perSecond: 0.5, blockMs: 2_000 }],
    ['ttfb.p(95)<300', { ...latency(0.95, 300), of: 'firstByte', requestClass: null }],
    ['login: p(95)<200', { ...latency(0.95, 200), of: 'response', requestClass: 'login' }, 'login:p(95)<200'],
    ['a.b-c_1 : ttfb . max < 1s', { requestClass: 'a.b-c_1', of: 'firstByte', which: 'max' }, 'a.b-c_1:ttfb.max<1000'],
  ])('%s is read', (expression, meaning, spelling = expression) => {
    expect(parseObjective(expression)).toMatchObject({ ...meaning, expression: spelling });
    expect(parseObjective(`  ${expression}\t`)).toEqual(parseObjective(expression));
    expect(parseObjective(spelling)).toEqual(parseObjective(expression));
    expect(objectiveSchema.parse(expression)).toBe(spelling);
  });

  it.each([
    '',
    'p99<250',
    'p(99)',
    'p(99)=250',
    'p(99)<',
    'p(99)<-1',
    'p(99)<250m',
    'p(99)==250',
    'ttfb.rate<0.01',
    'ttfb.count>1',
    'rate<1s',
    'max<5 for 10s',
    'ttfb:p(95)<200 < 1',
    'rate>=0.5',
    ': p(95)<1',
    'p(99)<1e3',
    'p(0)<250',
    'p(100)<250',
    'p(99)>250',
    'p(99)<0',
    'avg>80',
    'avg<0',
    'avg<80rps',
    'rate<1.5',
    'rate<1%',
    'rate>0.01',
    'throughput<100',
    'latency<5',
    'p(99)<250 for 10',
    'p(99)<250 for ever',
    'p(99)<250 and rate<0.01',
  ])('%j is refused, by name and with an example', (expression) => {
    const failure = refusal(() => parseObjective(expression));
    expect(failure).toMatchObject({ code: 'validation', status: 400, exitCode: 104 });
    expect(failure.hint).toMatch(/write, for example, /);
    const issue = objectiveSchema.safeParse(expression).error?.issues[0];
    expect(issue?.message).toContain(failure.message);
  });

  it('means what was written, whatever the spaces and the operator', () => {
    const number = fc.double({ min: 0.001, max: 1e6, noNaN: true }).map((value) => Number(value.toFixed(3)));
    const positive = number.filter((value) => value > 0);
    const space = fc.constantFrom('', ' ', '  ');
    const upper = fc.constantFrom('<', '<=');
    const percent = fc.double({ min: 0.01, max: 99.99, noNaN: true }).map((value) => Number(value.toFixed(2)));
    fc.assert(
      fc.property(percent, upper, positive, space, fc.boolean(), (quantile, operator, value, gap, unit) => {
        const text = `p(${quantile})${gap}${operator}${gap}${plain(value)}${unit ? 'ms' : ''}`;
        expect(parseObjective(text)).toMatchObject({ quantile: quantile / 100, latencyMs: value });
      }),
    );
    fc.assert(
      fc.property(upper, fc.double({ min: 0, max: 1, noNaN: true }), space, (operator, value, gap) => {
        const share = Number(value.toFixed(4));
        expect(parseObjective(`rate${gap}${operator}${gap}${plain(share)}`)).toMatchObject({ share });
      }),
    );
  });

  it('is an objective or a HiveError, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(p\(|avg|rate|throughput)[<>=0-9.) ms]{0,12}$/)),
        (text) => {
          try {
            expect(parseObjective(text).expression).toBe(text.trim());
          } catch (error) {
            expect(error).toBeInstanceOf(HiveError);
          }
        },
      ),
    );
  });
});

describe('several objectives', () => {
  it('are the defaults where there is none', () => {
    expect(parseObjectives([])).toEqual(DEFAULT_OBJECTIVES.map(parseObjective));
    expect(parseObjectives(['avg<80'])).toHaveLength(1);
    expect(() => parseObjectives(['avg<80', 'avg'])).toThrow("'avg'");
  });

  it.each([
    ['p(99)<250', 0.01],
    ['p(99.9)<250', 0.001],
    ['rate<0.05', 0.05],
    ['avg<80', null],
    ['throughput>=1', null],
  ])('%s allows a share of %s', (expression, share) => {
    expect(allowedShare(parseObjective(expression))).toBe(share);
  });

  it('have the latency of the strictest percentile', () => {
    const strictest = (...expressions: string[]) => strictestLatencyMs(expressions.map(parseObjective));
    expect(strictest('p(99)<250', 'p(50)<20', 'avg<5')).toBe(20);
    expect(strictest('avg<5', 'rate<0.1')).toBeNull();
  });
});

/** Without an exponent, as the grammar wants it. */
const plain = (value: number): string => value.toFixed(4).replace(/\.?0+$/, '');

function refusal(run: () => unknown): HiveError {
  try {
    run();
  } catch (error) {
    if (error instanceof HiveError) return error;
    throw error;
  }
  throw new Error('was not refused');
}
