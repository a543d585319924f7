import { randomUUID } from 'node:crypto';
import {
  BASE_KIND,
  type Base,
  type Difficulty,
  type Kind,
  type Limit,
  type Scenario,
  type Target,
} from '@hive/contract';
import { clampIntensity, generate, UNCALIBRATED_BASE } from '../kinds/generate.js';
import type { Axis, LearnedResult } from '../learning/axis.js';
import { difficultyOf, difficultyScale, intensityOf } from '../learning/limit/difficulty.js';
import { createRandom } from '../random.js';
import { asAsked, type AskedPlan } from './planning/asked-plan.js';
import { axesOf, comparableResults, learnLimits, POLICY } from './axes.js';

/**
 * One scenario outside a session: an intensity, or a difficulty resolved against what is known about the target.
 * @throws HiveError `validation` for a kind this version does not have, and for what cannot be asked of it, naming the field.
 */
export function generateScenario(request: {
  target: Target;
  kind: Kind;
  difficulty?: Difficulty | undefined;
  intensity?: number | undefined;
  seed: number;
  history: readonly LearnedResult[];
  /** What somebody wants otherwise than the kind plans it. */
  asked?: AskedPlan | undefined;
}): Scenario {
  const { target, kind, seed } = request;
  const limits = learnLimits(target, request.history);
  const axis = axesOf(target, [kind])[0] as Axis;
  const scale = difficultyScale(
    axis,
    limits.find((limit) => limit.kind === kind),
  );
  const draw = createRandom(seed).next();
  const intensity = clampIntensity(
    target,
    kind,
    request.intensity ?? intensityOf(request.difficulty ?? 'medium', scale, draw),
  );
  const base = baseFrom(limits);
  const generated = generate({ target, kind, intensity, seed, base });
  const problem = request.asked === undefined ? generated : asAsked(generated, target, request.asked);
  const seconds = problem.plan.durationMs / 1_000;
  return {
    ...problem,
    id: `scn_${randomUUID()}`,
    difficulty: request.intensity === undefined ? (request.difficulty ?? 'medium') : difficultyOf(intensity, scale),
    calibrated: scale.calibrated,
    // What was learned says nothing of a load with faults that its kind does not have.
    predictedFailure: request.asked?.faults?.length
      ? null
      : POLICY.chanceOfFailing(axis, comparableResults(request.history, axis, { target, base }), {
          intensity: problem.intensity,
          seconds,
        }),
  };
}

/** Half of what is known to be below the target's limit; at most a quarter of the least that failed where nothing held. */
export function baseFrom(limits: readonly Limit[]): Base {
  const limit = limits.find(({ kind }) => kind === BASE_KIND);
  if (limit?.low != null) return { ...UNCALIBRATED_BASE, ratePerSecond: limit.low / 2 };
  if (limit?.status !== 'below' || limit.high === null) return UNCALIBRATED_BASE;
  return { ...UNCALIBRATED_BASE, ratePerSecond: Math.min(UNCALIBRATED_BASE.ratePerSecond, limit.high / 4) };
}
