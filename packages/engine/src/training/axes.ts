import { KIND_UNITS, KINDS, type Kind, type Limit, type Target } from '@hive/contract';
import { bracketPolicy } from '../learning/bracket.js';
import type { Axis, LearnedResult } from '../learning/policy.js';
import { findKind, supportedKinds } from '../problems/registry.js';

/** The axes of some kinds on a target, in the order given. A kind this version does not have is not applicable, with the reason. */
export function axesOf(target: Target, kinds: readonly Kind[]): Axis[] {
  return kinds.map((kind) => {
    const definition = findKind(kind);
    if (!definition) {
      const notApplicable = `this version cannot run ${kind} yet; it runs ${supportedKinds.join(' and ')}`;
      return {
        kind,
        unit: KIND_UNITS[kind],
        whole: false,
        floor: 1,
        cap: 1,
        prior: 1,
        offeredPerSecond: () => null,
        notApplicable,
      };
    }
    const { whole, floor, prior, offeredPerSecond } = definition;
    return {
      kind,
      unit: KIND_UNITS[kind],
      whole,
      floor,
      prior,
      offeredPerSecond,
      cap: definition.cap(target),
      notApplicable: definition.notApplicable(target),
    };
  });
}

/**
 * What has been learned about a target: one limit for each of the eight kinds, folded from stored results (oldest first). Only results
 * under the target's present objectives count, and of each kind only the newest session that tried it, because a bracket knows no drift.
 */
export function learnLimits(target: Target, history: readonly LearnedResult[]): Limit[] {
  return axesOf(target, KINDS).map((axis) => {
    const comparable = history.filter(
      ({ scenario }) => scenario.kind === axis.kind && sameClauses(scenario.objectives, target.objectives),
    );
    const newest = comparable.findLast(
      ({ result }) => result.validity.status !== 'invalid' && result.verdict !== 'aborted',
    )?.sessionId;
    return bracketPolicy.limit(
      axis,
      comparable.filter(({ sessionId }) => sessionId === newest),
    );
  });
}

function sameClauses(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((clause) => b.includes(clause));
}
