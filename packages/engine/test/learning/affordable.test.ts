import { KINDS, toTarget, type Kind } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { affordableKinds } from '../../src/learning/search/affordable.js';
import type { Axis } from '../../src/learning/axis.js';
import { axesOf } from '../../src/training/axes.js';

const target = toTarget({ url: 'http://127.0.0.1:8080', watch: { pid: 1 } }, 'shop');
const axes = axesOf(target, KINDS);

function kept(budgetMs: number, from: readonly Axis[] = axes): Kind[] {
  return [...affordableKinds(from, budgetMs)];
}

describe('what a budget is enough for', () => {
  it('keeps what most people ask first, and never a kind that cannot be judged', () => {
    expect(kept(120_000)).toEqual(['load_balancing', 'concurrent_requests']);
    expect(kept(3_600_000)).toEqual([
      'load_balancing',
      'concurrent_requests',
      'network_latency',
      'fault_tolerance',
      'memory_optimization',
    ]);
  });

  it('keeps one kind however short the budget is', () => {
    expect(kept(1_000)).toEqual(['load_balancing']);
  });

  it('keeps a ninth kind at the place that it names', () => {
    const own = { ...(axes[0] as Axis), kind: 'my_kind' as Kind, budgetPlace: 9 };
    expect(kept(3_600_000, [own, ...axes]).at(-1)).toBe('my_kind');
    expect(kept(1_000, [own])).toEqual(['my_kind']);
  });
});
