import { describe, expect, it } from 'vitest';
import { restFloor } from '../../src/watching/rest-floor.js';

const rest = { fromMs: 20_000, toMs: 32_000 };
const from = (sizes: readonly (number | null)[]) =>
  sizes.map((size, index) => ({
    atMs: 20_000 + index * 1_000,
    values: size === null ? {} : { target_memory: size },
    problems: [],
  }));

describe('the floor of a rest', () => {
  it.each<[string, (number | null)[], number | null]>([
    ['steady', Array.from({ length: 13 }, () => 60), 60],
    [
      'given back slowly: the first half does not count',
      [200, 190, 180, 170, 160, 150, 62, 61, 60, 60, 60, 60, 60],
      60,
    ],
    ['one wrong look, far below', [60, 60, 60, 60, 60, 60, 61, 61, 5, 61, 61, 61, 61], 61],
    ['one wrong look, far above', [60, 60, 60, 60, 60, 60, 61, 61, 900, 61, 61, 61, 61], 61],
    ['gaps', [60, 60, 60, 60, 60, 60, null, 61, null, 61, null, 61, null], 61],
    ['a saw: its lower part', [0, 0, 0, 0, 0, 0, 70, 60, 70, 60, 70, 60, 70], 60],
    ['seen too seldom', [60, 60, 60, 60, 60, 60, null, null, null, 61, null, null, 61], null],
    ['never seen', [], null],
  ])('%s', (_, sizes, expected) => {
    expect(restFloor(from(sizes), rest)).toBe(expected);
  });

  it('looks at nothing outside of the rest', () => {
    const around = [
      { atMs: 33_000, values: { target_memory: 1 }, problems: [] },
      { atMs: 25_999, values: { target_memory: 1 }, problems: [] },
    ];
    expect(restFloor([...from(Array.from({ length: 13 }, () => 60)), ...around, ...around], rest)).toBe(60);
  });
});
