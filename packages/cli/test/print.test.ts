import { figure, toTarget, type Lesson, type Limit, type Scenario, type ScenarioResult } from '@hive/contract';
import fc from 'fast-check';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { bytes, duration, percent } from '../src/print/figures.js';
import { targetLimitsText } from '../src/print/limits.js';
import { sparkline } from '../src/print/sparkline.js';
import {
  expectationLine,
  lessonLine,
  limitLine,
  safeLines,
  scenarioLine,
  scenarioRow,
  trainingHead,
} from '../src/print/training.js';
import { displayWidth } from '../src/print/wrap.js';

const plain = picocolors.createColors(false);

describe('figures', () => {
  it.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [12.345, '12.3'],
    [99.96, '100'],
    [1_234.5, '1,235'],
  ])('%d is written %s', (value, text) => expect(figure(value)).toBe(text));

  it.each([
    [0, '0 ms'],
    [0.85, '850 µs'],
    [20.44, '20.4 ms'],
    [1_500, '1,500 ms'],
    [12_000, '12 s'],
  ])('%d ms is written %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_234, '1.23 kB'],
    [5_600_000, '5.6 MB'],
  ])('%d bytes are written %s', (count, text) => expect(bytes(count)).toBe(text));

  it('writes shares as percent', () => expect(percent(0.004)).toBe('0.4 %'));
});

const limit: Limit = {
  kind: 'load_balancing',
  unit: 'requests/s',
  status: 'known',
  method: 'bracket',
  estimate: 395,
  low: 390,
  high: 400,
  level: null,
  safe: 390,
  band: null,
  horizonSeconds: 5,
  binding: 'p(99)<250',
  scenarios: 7,
  updatedAt: null,
};

describe('limitLine', () => {
  it.each([
    [{}, '395 requests/s (bracket 390–400 requests/s), p(99)<250 breaks first, 7 runs'],
    [{ level: 0.95, scenarios: 1 }, '395 requests/s (95 % interval 390–400 requests/s), p(99)<250 breaks first, 1 run'],
    [{ status: 'at_least', reason: 'the cap' }, 'at least 390 requests/s (the cap), 7 runs'],
    [{ status: 'below', binding: null }, 'below 400 requests/s, 7 runs'],
    [{ status: 'not_applicable', reason: 'one node' }, 'does not apply (one node), 7 runs'],
    [{ status: 'unknown', low: null, high: null, estimate: null }, 'not measured yet, 7 runs'],
  ] as [Partial<Limit>, string][])('%j', (given, text) => {
    expect(limitLine({ ...limit, ...given }, plain)).toBe(`  ${'Request rate'.padEnd(18)} ${text}`);
  });

  it('says what a reader must know about a known limit', () => {
    expect(limitLine({ ...limit, reason: 'it varies' }, plain)).toMatch(/, 7 runs; it varies$/);
  });
});

describe('safeLines', () => {
  it.each([
    [{}, ['safe: 390 requests/s (predicted for runs of 10 minutes)']],
    [{ heldSeconds: 300 }, ['safe: 390 requests/s (confirmed by a soak of 300 s)']],
    [{ safe: null }, []],
  ] as [Partial<Limit>, string[]][])('%j', (given, lines) => {
    expect(safeLines({ ...limit, ...given }).map((line) => line.trim())).toEqual(lines);
  });
});

describe('expectationLine', () => {
  it.each([
    [{ low: 380, high: 410 }, 'measured 380–410'],
    [{ low: 380, high: null }, 'measured at least 380'],
    [{ low: null, high: 410 }, 'measured at most 410'],
    [{ low: null, high: null }, 'not measured'],
  ])('%j: %s', (observed, text) =>
    expect(
      expectationLine(
        { kind: 'load_balancing', expression: 'load_balancing>=500', observed, outcome: 'failed' },
        plain,
      ),
    ).toBe(`  expected load_balancing>=500: failed (${text})`),
  );
});

describe('lessonLine', () => {
  const unknown: Limit = { ...limit, status: 'unknown', low: null, high: null, estimate: null };
  const lesson: Lesson = {
    scenario_id: 'scn_1',
    verdict: 'failed',
    predictedFailure: 0.4,
    informationBits: 0.0421,
    before: { ...limit, low: 300, high: 500 },
  };

  it.each([
    [
      limit,
      lesson,
      'limit 300–500 requests/s → 390–400 requests/s, 0.0421 bits learned, predicted chance of failing 40 %',
    ],
    [limit, { ...lesson, predictedFailure: null, informationBits: null, before: unknown }, 'limit 390–400 requests/s'],
    [
      { ...limit, status: 'at_least' },
      { ...lesson, predictedFailure: null },
      'limit 300–500 requests/s → at least 390 requests/s, 0.0421 bits learned',
    ],
  ] as [Limit, Lesson, string][])('tells how the interval closed in', (now, given, text) => {
    expect(lessonLine(now, given).trim()).toBe(`· ${text}`);
  });

  it('is empty while nothing is known', () => expect(lessonLine(unknown, lesson)).toBe(''));
});

describe('sparkline', () => {
  it.each([
    ['from the smallest to the greatest', [0, 1, 2, 3, 4, 5, 6, 7], 8, '▁▂▃▄▅▆▇█'],
    ['the newest that fit', [9, 9, 0, 7], 2, '▁█'],
    ['a gap where nothing was measured', [1, null, 2], 10, '▁ █'],
    ['the lowest bar where all are equal', [3, 3, 3], 10, '▁▁▁'],
    ['nothing but gaps', [null, null], 10, '  '],
  ] as const)('shows %s', (_, values, width, bars) => {
    expect(sparkline(values, width)).toBe(bars);
  });
});

describe('the line of a scenario', () => {
  const result: ScenarioResult = {
    verdict: 'failed',
    validity: { status: 'valid', reasons: [] },
    reason: 'objectives first broke at about 309 requests/s',
    objectives: [],
    evidence: null,
    measurement: null,
    executionSeconds: 8,
  };
  const plan: Scenario['plan'] = {
    arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
    warmupMs: 0,
    durationMs: 1_000,
    timeoutMs: 1_000,
    graceMs: 1_000,
  };
  const scenario: Scenario = {
    id: 'scn_1',
    targetId: 'shop',
    kind: 'load_balancing',
    intensity: 10_000,
    unit: 'requests/s',
    difficulty: 'extreme',
    calibrated: false,
    predictedFailure: null,
    seed: 1,
    base: { ratePerSecond: 20, connections: 20 },
    objectives: [],
    description: '',
    expectedOutcomes: [],
    plan,
  };

  it('shows the intensity, but not of a first look, which stops long before the highest rate', () => {
    const colors = picocolors.createColors(false);
    expect(scenarioLine(scenario, result, colors)).toMatch(/^Request rate +10,000 requests\/s +failed/);
    const chirp = { shares: [0.01], latencySeconds: 0.25, gentle: false };
    const look = scenarioLine({ ...scenario, plan: { ...plan, chirp } }, result, colors);
    expect(look).toMatch(/^Request rate +ramp +– +– +.*309 requests\/s$/);
    const invalid = { status: 'invalid' as const, reasons: [] };
    expect(scenarioLine(scenario, { ...result, validity: invalid }, colors)).toMatch(
      /^Request rate +10,000 requests\/s +not usable +– /,
    );
  });

  it.each([60, 80, 120, 200])('fits %i columns with any reason, whose words stay whole', (width) => {
    const colors = picocolors.createColors(true);
    const reasons = fc.array(fc.stringMatching(/^[a-z0-9(),.%]{1,20}$/), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        reasons,
        fc.constantFrom('valid' as const, 'suspect' as const, 'invalid' as const),
        (reason, status) => {
          const validity = { status, reasons: [] };
          const rows = scenarioRow(scenario, { ...result, validity, reason: reason.join(' ') }, { colors, width });
          for (const row of [trainingHead({ colors, width }), ...rows])
            expect(displayWidth(row)).toBeLessThanOrEqual(width);
          expect(rows.join(' ').split(/\s+/).join(' ')).toContain(reason.join(' '));
        },
      ),
    );
  });

  it.each([
    [60, 'test load result'],
    [80, 'test load result p99'],
    [120, 'test load result p99 reason'],
  ])('at %i columns shows the columns %s', (width, columns) => {
    const colors = picocolors.createColors(false);
    expect(trainingHead({ colors, width }).split(/\s+/).join(' ')).toBe(columns);
  });
});

it('kinds that the last session did not reach are listed with the reason, the others together', () => {
  const untried = { status: 'unknown', scenarios: 0 } as const;
  const limits = [
    { ...untried, kind: 'concurrent_requests', reason: 'not reached in the last session: too short' },
    { ...untried, kind: 'network_latency', reason: 'no run yet' },
  ] as Limit[];
  const target = toTarget({ url: 'http://127.0.0.1:1' }, 'shop');
  expect(targetLimitsText({ target, limits, traffic: null }, plain).slice(1)).toEqual([
    '  Concurrent users: not measured yet, not reached in the last session: too short',
    '  not measured yet: Network latency',
  ]);
});

it('what a target can take is compared with its traffic', () => {
  const limits = [
    { kind: 'load_balancing', status: 'unknown', scenarios: 0, safe: 358, reason: 'no run yet' },
  ] as Limit[];
  const target = toTarget({ url: 'http://127.0.0.1:1' }, 'shop');
  const traffic = { peakPerSecond: 220, headroom: 1.6, atTwice: { pass: 0.1, p99Ms: null }, at: null };
  expect(targetLimitsText({ target, limits, traffic }, plain).slice(1, 3)).toEqual([
    '  peak 220/s, safe 358: ×1.6',
    '  at twice the peak (440/s): 10 % chance to pass',
  ]);
});
