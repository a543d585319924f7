import { KIND_UNITS, KINDS, type Base, type Ceiling, type Kind, type Limit, type Target } from '@hive/contract';
import { beliefPolicy } from '../learning/belief-policy.js';
import type { Axis, LearnedResult, Policy } from '../learning/policy.js';
import { capByCeiling } from './ceiling/ceiling.js';
import { standardOf } from './standard.js';
import { generate, reasonAgainst, UNCALIBRATED_BASE } from '../problems/generate.js';
import { kindDefinition } from '../problems/registry.js';

/** How limits are learned. */
export const POLICY: Policy = beliefPolicy;

/** What bounds an axis beside the target: the base load, and what the generator can send. */
export interface Generator {
  base?: Base;
  /** What `hive doctor` measured; null: nothing. */
  ceiling?: Ceiling | null;
  threads?: number;
}

/** The axes of some kinds on a target, in the order given. */
export function axesOf(target: Target, kinds: readonly Kind[], generator: Generator = {}): Axis[] {
  const { base = UNCALIBRATED_BASE, ceiling = null, threads = 1 } = generator;
  return kinds.map((kind) => {
    const { whole, scale, floor, prior, offeredPerSecond, fixedTimes, evidence, cap } = kindDefinition(kind);
    const lastsMs = (intensity: number): number => {
      const { warmupMs, durationMs } = generate({ target, kind, intensity, seed: 0, base }).plan;
      return warmupMs + durationMs;
    };
    const capped = capByCeiling(cap(target), { kind, target, threads, ceiling });
    return {
      kind,
      unit: KIND_UNITS[kind],
      whole,
      scale,
      evidence,
      floor,
      prior,
      offeredPerSecond: (intensity) => offeredPerSecond(intensity, base),
      cap: capped.cap,
      capReason: capped.reason,
      notApplicable: reasonAgainst(target, kind, base),
      fixedMs: fixedTimes ? lastsMs : null,
      ...standardOf(target, kind),
    };
  });
}

/**
 * What has been learned about a target: one limit for each of the eight kinds, folded from stored results (oldest first). Only results
 * under the target's present objectives count, and of each kind only the newest session that tried it, because a bracket knows no drift.
 */
export function learnLimits(target: Target, history: readonly LearnedResult[]): Limit[] {
  return axesOf(target, KINDS).map((axis) => POLICY.limit(axis, newestResults(target, axis, history)));
}

/** The results of the newest session that tried a kind, under the target's present objectives. */
export function newestResults(target: Target, axis: Axis, history: readonly LearnedResult[]): LearnedResult[] {
  const comparable = history.filter(
    ({ scenario }) => scenario.kind === axis.kind && sameClauses(scenario.objectives, target.objectives),
  );
  const newest = comparable.findLast(
    ({ result }) => result.validity.status !== 'invalid' && result.verdict !== 'aborted',
  )?.sessionId;
  return comparable.filter(({ sessionId }) => sessionId === newest);
}

function sameClauses(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((clause) => b.includes(clause));
}
