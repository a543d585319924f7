import { HiveError, KIND_UNITS, type Base, type Kind, type Scenario, type Target } from '@hive/contract';
import { kindDefinition } from './registry.js';

/** A scenario as generated: what is not decided by target, kind, intensity, seed and base is added by the training engine. */
export type GeneratedProblem = Omit<Scenario, 'id' | 'difficulty' | 'calibrated' | 'predictedFailure'>;

/** Everything a problem is made of. */
export interface ProblemRequest {
  target: Target;
  kind: Kind;
  intensity: number;
  seed: number;
  base: Base;
}

/** The base load while nothing is known of the target. */
export const UNCALIBRATED_BASE: Base = { ratePerSecond: 20, connections: 20 };

/**
 * The problem generator. Pure: the same inputs give the same problem, byte for byte.
 * `intensity` is in the kind's unit; it is rounded to whole steps where the axis has them and kept within floor and cap.
 * @throws HiveError `validation` for a kind that cannot be judged on this target, with what to add.
 */
export function generate(request: ProblemRequest): GeneratedProblem {
  const { target, kind, intensity, seed, base } = request;
  const definition = kindDefinition(kind);
  const reason = definition.notApplicable(target);
  if (reason !== null) throw new HiveError('validation', `kind: ${kind} cannot be judged on ${target.id}: ${reason}`);
  const tried = clampIntensity(target, kind, intensity);
  const { description, expectedOutcomes, plan, objectives } = definition.build({
    target,
    intensity: tried,
    base,
    seed,
  });
  return {
    targetId: target.id,
    kind,
    intensity: tried,
    unit: KIND_UNITS[kind],
    seed,
    base,
    objectives: objectives ?? [...target.objectives],
    description,
    expectedOutcomes,
    plan,
  };
}

/** The nearest intensity of the kind's axis within its floor and the target's cap. */
export function clampIntensity(target: Target, kind: Kind, intensity: number): number {
  const { whole, floor, cap } = kindDefinition(kind);
  const inside = Math.min(Math.max(intensity, floor), cap(target));
  return whole ? Math.round(inside) : Number(inside.toPrecision(6));
}
