import { describe, expect, it } from 'vitest';
import { kindToTry, missingBits, type OpenKind } from '../../src/learning/search/curriculum.js';

const load: OpenKind = { kind: 'load_balancing', scenarios: 0, waiting: Infinity, missingBits: 6, seconds: 10 };
const memory: OpenKind = { ...load, kind: 'memory_optimization', seconds: 90 };

describe('the next kind', () => {
  it.each<[string, OpenKind[], { done: number; running?: OpenKind['kind'] }, OpenKind['kind']]>([
    ['nothing known: what is quickest', [memory, load], { done: 0 }, 'load_balancing'],
    [
      'a block of three is finished',
      [{ ...load, scenarios: 2, missingBits: 0.25 }, memory],
      { done: 2, running: 'load_balancing' },
      'load_balancing',
    ],
    [
      'then what has most to learn for its time',
      [{ ...load, scenarios: 3, missingBits: 0.5, waiting: 0 }, memory],
      { done: 3, running: 'load_balancing' },
      'memory_optimization',
    ],
    [
      'a wide interval of a quick kind before a long run',
      [{ ...load, scenarios: 3, missingBits: 3, waiting: 0 }, memory],
      { done: 3, running: 'load_balancing' },
      'load_balancing',
    ],
    [
      'one block in ten goes to what waited longest',
      [{ ...load, scenarios: 27, missingBits: 3, waiting: 0 }, memory],
      { done: 27, running: 'load_balancing' },
      'memory_optimization',
    ],
    ['the only one left', [{ ...memory, scenarios: 3 }], { done: 9, running: 'load_balancing' }, 'memory_optimization'],
  ])('%s', (_, open, { done, running }, expected) => {
    expect(kindToTry(open, { done, running })).toBe(expected);
  });

  it.each([
    [null, 6],
    [0.4, 3],
    [0.1, 1],
    [0.05, 0.25],
    [0.01, 0.25],
    [1_000, 6],
  ])('half a width of %d is %d bits away from 0.05', (halfWidth, bits) => {
    expect(missingBits(halfWidth, 0.05)).toBeCloseTo(bits, 9);
  });
});
