import { HiveError, KIND_UNITS, type Base, type Kind, type Scenario, type Target } from '@hive/contract';
import { figure } from '../figure.js';
import { baseWithin, planWithin } from './caps.js';
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

/** The base load while nothing is known about the target. */
export const UNCALIBRATED_BASE: Base = { ratePerSecond: 20, connections: 20 };

/**
 * The problem generator. Pure: the same inputs give the same problem, byte for byte.
 * `intensity` is in the kind's unit; it is rounded to whole steps where the axis has them and kept within floor and cap.
 * @throws HiveError `validation` for a kind that cannot be judged on this target, with what to add.
 */
export function generate(request: ProblemRequest): GeneratedProblem {
  const { target, kind, intensity, seed } = request;
  const base = baseWithin(request.base, target.safety);
  const definition = kindDefinition(kind);
  const reason = reasonAgainst(target, kind, base);
  if (reason !== null) throw new HiveError('validation', `kind: ${kind} does not apply to ${target.id}: ${reason}`);
  const tried = clampIntensity(target, kind, intensity);
  const { description, expectedOutcomes, plan } = definition.build({
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
    objectives: [...target.objectives],
    description,
    expectedOutcomes,
    plan: planWithin(plan, target.safety),
  };
}

/**
 * Why a kind cannot be judged on a target and what to add, or null when it can: its own reason, or phases that last longer than the
 * target's cap and cannot be shortened.
 */
export function reasonAgainst(target: Target, kind: Kind, unbound: Base = UNCALIBRATED_BASE): string | null {
  const { notApplicable, fixedTimes, floor, cap, build } = kindDefinition(kind);
  const reason = notApplicable(target);
  if (reason !== null || !fixedTimes) return reason;
  const base = baseWithin(unbound, target.safety);
  const { maxSeconds } = target.safety;
  const lastsMs = [floor, cap(target)].map((intensity) => {
    const { warmupMs, durationMs } = build({ target, intensity, base, seed: 0 }).plan;
    return warmupMs + durationMs;
  });
  const seconds = Math.max(...lastsMs) / 1_000;
  return seconds <= maxSeconds
    ? null
    : `one run takes up to ${figure(seconds)} s: raise safety.maxSeconds (now ${figure(maxSeconds)})`;
}

/** Why a kind cannot be judged where load generators on other machines send the load, or null when it can. */
export function reasonElsewhere(target: Target, kind: Kind): string | null {
  const { floor, build } = kindDefinition(kind);
  const { faults = [] } = build({ target, intensity: floor, base: UNCALIBRATED_BASE, seed: 0 }).plan;
  return faults.some(({ link }) => link === 'client')
    ? 'its faults are on connections of the machine that Hive runs on: measure it with the load of this machine'
    : null;
}

/** The nearest intensity of the kind's axis within its floor and the target's cap. */
export function clampIntensity(target: Target, kind: Kind, intensity: number): number {
  const { whole, floor, cap } = kindDefinition(kind);
  const inside = Math.min(Math.max(intensity, floor), cap(target));
  // Rounding must not go beyond the cap.
  return Math.min(whole ? Math.round(inside) : Number(inside.toPrecision(6)), cap(target));
}
