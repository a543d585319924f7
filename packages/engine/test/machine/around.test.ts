import { describe, expect, it } from 'vitest';
import { aroundOf, hasRoom, isFull, isStarved } from '../../src/machine/around.js';
import type { Usage } from '../../src/machine/usage.js';
import { FULL, QUIET } from './usages.js';

const shared: Usage = { ...QUIET, idle: 0.4, others: 1.3 };

describe('a machine', () => {
  it.each<[string, Usage, boolean, boolean?]>([
    ['nobody else', QUIET, false],
    ['full of others', FULL, true],
    ['full of others, before a target that sleeps', { ...FULL, strain: 0.3 }, true, false],
    ['full of others, before a target that nobody sees', { ...FULL, strain: null }, true],
    ['full of others, and the target is elsewhere', { ...FULL, strain: 0 }, true, false],
    ['others, and room left', shared, false],
    ['full of the target', { ...QUIET, idle: 0, target: 1.6, hive: 0.3, others: 0.1 }, false],
    ['full of the target and of others', { ...QUIET, idle: 0.05, target: 1, hive: 0.4, strain: 1, others: 0.55 }, true],
    ['stolen', { ...QUIET, stealShare: 0.2 }, true],
    ['stolen a little', { ...QUIET, stealShare: 0.05 }, false],
    ['throttled', { ...QUIET, throttledShare: 0.3 }, true],
    ['suspended', { ...QUIET, suspendedMs: 4_000 }, true],
  ])('%s', (_, usage, full, starved = full) => {
    expect({ full: isFull(usage), starved: isStarved(usage) }).toEqual({ full, starved });
  });
});

describe('aroundOf', () => {
  const times = (count: number, usage: Usage): Usage[] => Array.from({ length: count }, () => usage);
  it.each<[string, Usage[], string]>([
    ['no look at all is not quiet', [], 'unknown'],
    ['nobody', times(5, QUIET), 'quiet'],
    ['others with room left', times(5, shared), 'shared'],
    ['others in a tenth of the time', [...times(9, QUIET), FULL], 'busy'],
    ['others, and the target got what it needed', times(5, { ...FULL, strain: 0.3 }), 'full'],
    ['others in less of it', [...times(19, QUIET), FULL], 'quiet'],
    ['one suspension, however short', [...times(30, QUIET), { ...QUIET, suspendedMs: 2_000 }], 'busy'],
  ])('%s', (_, usages, state) => expect(aroundOf(usages).state).toBe(state));

  it('says who, as they were in the spoiled part', () => {
    expect(aroundOf([QUIET, FULL, FULL])).toEqual({
      state: 'busy',
      by: 'others use 1.8 of 2 cores: chromium 1.1, node 0.7',
    });
  });
});

describe('hasRoom', () => {
  it.each<[string, Usage, number, boolean]>([
    ['nobody', QUIET, 1, true],
    ['two that are busy two thirds of the time, beside a small run', { ...QUIET, others: 1.33 }, 0.5, true],
    ['the same, beside a large one', { ...QUIET, others: 1.33 }, 1, false],
    ['a full machine, beside the smallest', { ...QUIET, others: 1.9 }, 0.05, false],
    ['a run that needs all, and next to nobody', { ...QUIET, others: 0.15 }, 1.95, true],
    ['a run that needs all, and one more', { ...QUIET, others: 0.5 }, 1.95, false],
    ['stolen', { ...QUIET, stealShare: 0.2 }, 0.1, false],
  ])('%s', (_, usage, needed, room) => expect(hasRoom(usage, needed)).toBe(room));
});
