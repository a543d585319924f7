import { expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { DEMO_SETTINGS } from '../../src/practice/demo-target.js';
import { practiceSettings } from '../../src/practice/settings.js';
import { practiceTruth } from '../../src/practice/truth.js';

const OBJECTIVES = ['p(99)<250'];
const demo = practiceSettings(DEMO_SETTINGS);
const limitOf = (settings: Parameters<typeof practiceSettings>[0], objectives = OBJECTIVES, capacity = 1) =>
  practiceTruth(practiceSettings(settings), { capacity, objectives }).limits[0]?.value ?? NaN;

it('knows the limit of the demo, which docs/practice-target.md gives, and where it comes from', () => {
  const truth = practiceTruth(demo, { capacity: 1, objectives: OBJECTIVES });
  expect(truth).toMatchObject({ capacity: 1, capacityPerSecond: 400, serviceMs: 30 });
  const [limit] = truth.limits;
  expect(limit).toMatchObject({ kind: 'load_balancing', unit: 'requests/s' });
  expect(limit?.value).toBeGreaterThan(394);
  expect(limit?.value).toBeLessThan(400);
  expect(limit?.how).toBe('3 nodes × 4 slots ÷ 30 ms = 400 requests/s, less what p(99)<250 costs');
});

it('falls by a fifth with a fifth of the capacity', () => {
  const truth = practiceTruth(demo, { capacity: 0.8, objectives: OBJECTIVES });
  expect(truth).toMatchObject({ capacityPerSecond: 320, serviceMs: 37.5 });
  expect((truth.limits[0]?.value ?? 0) / limitOf(DEMO_SETTINGS)).toBeCloseTo(0.8, 1);
});

function agrees(distribution: 'exponential' | 'lognormal' | 'bimodal', documented: number): void {
  const value = limitOf({ workers: 8, serviceMs: 20, distribution });
  expect(Math.abs(value / documented - 1)).toBeLessThan(0.015);
}
it('agrees with the simulated table for lognormal service times: about 382/s', () => agrees('lognormal', 382));
itSlow.each([
  ['exponential', 389],
  ['bimodal', 377],
] as const)('agrees with the simulated table for %s service times: about %d/s', agrees);

it('is lower under a stricter objective, and under a full queue', () => {
  expect(limitOf(DEMO_SETTINGS, ['p(99)<60'])).toBeLessThan(limitOf(DEMO_SETTINGS));
  expect(limitOf(DEMO_SETTINGS, ['p(99)<60'])).toBeGreaterThan(200);
  expect(limitOf({ ...DEMO_SETTINGS, queueLimit: 0 }, ['rate<0.01'])).toBeLessThan(300);
});

it('names no limit where none of its objectives can be simulated', () => {
  expect(practiceTruth(demo, { capacity: 1, objectives: ['throughput>=100'] }).limits).toEqual([]);
  expect(limitOf({ workers: 10_000 })).toBeNaN();
});
