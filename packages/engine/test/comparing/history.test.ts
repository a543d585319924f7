import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropOf, scatterOf, stepsOf, type PastLimit } from '../../src/comparing/history.js';
import { createRandom } from '../../src/random.js';

const DAY_MS = 86_400_000;

/** One session a day that found these limits, ±4 %. */
function history(limits: readonly number[]): PastLimit[] {
  return limits.map((estimate, day) => ({
    sessionId: `ses_${day}`,
    at: new Date(Date.UTC(2026, 0, 1) + day * DAY_MS).toISOString(),
    own: {
      status: 'known',
      estimate,
      low: estimate * 0.96,
      high: estimate / 0.96,
      band: null,
      safe: null,
      seconds: 140,
      scenarios: 9,
    },
  }));
}

/** Thirty nights whose limit falls by a tenth at one of them. */
function drawn({ seed, noise, at = Infinity }: { seed: number; noise: number; at?: number }): PastLimit[] {
  const random = createRandom(seed);
  const normal = (): number => Math.sqrt(2 * random.exponential()) * Math.cos(2 * Math.PI * random.next());
  return history(Array.from({ length: 30 }, (_, night) => (night >= at ? 360 : 400) * Math.exp(noise * normal())));
}

describe('steps in a history', () => {
  it('are found where the limit fell, with a date that is a range', () => {
    const [step, ...others] = stepsOf(
      history([...Array(12).fill(400), ...Array(10).fill(350)].map((one: number, i) => one + (i % 3))),
    );
    expect(others).toEqual([]);
    expect(step).toMatchObject({ before: { sessionId: 'ses_11' }, after: { sessionId: 'ses_12' } });
    expect(step!.ratio).toBeCloseTo(350 / 400, 2);
  });

  it('are found in most drawn histories within two nights, and seldom where there is none', () => {
    const seeds = Array.from({ length: 100 }, (_, i) => 4_000 + i);
    const found = seeds.filter((seed) => {
      const at = 6 + (seed % 20);
      return stepsOf(drawn({ seed, noise: 0.04, at })).some(
        ({ after }) => Math.abs(Number(after.sessionId.slice(4)) - at) <= 2,
      );
    });
    const false_ = seeds.filter((seed) => stepsOf(drawn({ seed, noise: 0.04 })).length > 0);
    expect(found.length).toBeGreaterThanOrEqual(90);
    expect(false_.length).toBeLessThanOrEqual(5);
  });

  it('are not told by the newest session alone', () => {
    const fell = (nights: number): number[] =>
      [...Array(12).fill(400), ...Array(nights).fill(350)].map((one: number, i) => one + (i % 3));
    expect(stepsOf(history(fell(2)))).toEqual([]);
    expect(stepsOf(history(fell(5)))).toHaveLength(1);
  });

  it('of two are told apart', () => {
    const limits = [...Array(10).fill(400), ...Array(10).fill(330), ...Array(10).fill(400)].map(
      (one: number, i) => one + (i % 3),
    );
    expect(stepsOf(history(limits)).map(({ after }) => after.sessionId)).toEqual(['ses_10', 'ses_20']);
  });

  it('are none where nothing changes, whatever the limit is', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 40 }), (limit, count) => {
        expect(stepsOf(history(Array(count).fill(limit)))).toEqual([]);
      }),
    );
  });
});

describe('since the last sessions', () => {
  const usual = Array(10).fill(400) as number[];
  it.each([
    ['one low session says nothing', [...usual, 320], null],
    ['two do', [...usual, 320, 324], 0.81],
    ['not a second one that is well again', [...usual, 320, 400], null],
    ['not a drop within the tolerance', [...usual, 370, 372], null],
    ['not with too few sessions before', [400, 400, 400, 320, 324], null],
  ])('%s', (_, limits, ratio) => {
    expect(dropOf(history(limits), 0.1)?.ratio ?? null).toEqual(ratio === null ? null : expect.closeTo(ratio, 2));
  });

  it('names the session that saw it first', () => {
    expect(dropOf(history([...usual, 320, 324]), 0.1)).toMatchObject({ since: { sessionId: 'ses_10' }, against: 10 });
  });
});

describe('the scatter between sessions', () => {
  it('is that of most targets until five sessions say otherwise', () => {
    expect(scatterOf(history([400, 500, 300, 450]))).toBe(0.03);
    expect(scatterOf(history([400, 500, 300, 450, 600]))).toBeGreaterThan(0.15);
  });

  it('is none where the intervals alone explain it', () => {
    expect(scatterOf(history([400, 404, 398, 401, 400, 402]))).toBe(0);
  });

  it('does not count a step', () => {
    const fell = [...Array(12).fill(400), ...Array(10).fill(300)].map((one: number, i) => one + (i % 3));
    expect(scatterOf(history(fell))).toBe(0);
  });
});
