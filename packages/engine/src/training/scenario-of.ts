import { randomUUID } from 'node:crypto';
import type { Safety, Scenario } from '@hive/contract';
import { amount, figure } from '../figure.js';
import { difficultyOf, type DifficultyScale } from '../learning/limit/difficulty.js';
import type { Axis } from '../learning/axis.js';
import type { Choice } from '../learning/search/policy.js';
import {
  CLOSED_LOOK_LEAST_MS,
  CLOSED_LOOK_LEVELS,
  CLOSED_LOOK_RESTS,
  UNKNOWN_RATE_PER_SECOND,
} from '../learning/weights.js';
import { planWithin } from '../kinds/caps.js';
import type { GeneratedProblem } from '../kinds/generate.js';

type Tried = Extract<Choice, { action: 'probe' | 'chirp' }>;

/** The intensity that a choice is about: a chirp's is the highest rate that it would go to. */
export function intensityOfChoice(choice: Tried): number {
  return choice.action === 'probe' ? choice.intensity : (choice.stages.at(-1)?.to ?? UNKNOWN_RATE_PER_SECOND);
}

/** Makes the scenario of what the learner chose. `graceMs`: what may still come in when the plan is over. */
export function scenarioOf(from: {
  choice: Tried;
  axis: Axis;
  problem: GeneratedProblem;
  scale: DifficultyScale;
  graceMs: number;
  safety: Safety;
}): Scenario {
  const { choice, axis, problem, scale, graceMs, safety } = from;
  const common = { ...problem, id: `scn_${randomUUID()}`, calibrated: scale.calibrated };
  if (choice.action === 'chirp') {
    const { closed } = choice;
    const chirp = closed ? closedLookOf(choice, closed, problem) : chirpOf(choice, problem, graceMs);
    return { ...common, ...chirp, plan: planWithin(chirp.plan, safety) };
  }
  const times = axis.fixedMs === null ? { warmupMs: choice.warmupMs, durationMs: choice.durationMs } : {};
  const isHold = choice.hold === true;
  return {
    ...common,
    ...(isHold ? holdTexts(choice, problem) : {}),
    difficulty: difficultyOf(problem.intensity, scale),
    predictedFailure: choice.predictedFailure,
    plan: planWithin({ ...problem.plan, ...times, graceMs, ...(isHold ? { hold: true } : {}) }, safety),
  };
}

function holdTexts(
  { warmupMs, durationMs }: Extract<Choice, { action: 'probe' }>,
  { intensity, unit }: GeneratedProblem,
): Pick<Scenario, 'description' | 'expectedOutcomes'> {
  const seconds = figure((warmupMs + durationMs) / 1_000);
  return {
    description: `Soak at the safe rate: ${amount(intensity, unit)} for ${seconds} s`,
    expectedOutcomes: [`meets the objectives for all ${seconds} s`],
  };
}

/** A slow service is looked at with one, two, four … requests under way: so it never has more to do than it can work on. */
function closedLookOf(
  { rule }: Extract<Choice, { action: 'chirp' }>,
  { restMs }: { restMs: number },
  { plan }: GeneratedProblem,
): Pick<Scenario, 'difficulty' | 'predictedFailure' | 'description' | 'expectedOutcomes' | 'plan'> {
  const most = plan.arrivals.model === 'open' ? plan.arrivals.maxConnections : plan.arrivals.connections;
  const levels = Array.from({ length: CLOSED_LOOK_LEVELS }, (_, index) => 2 ** index).filter((level) => level <= most);
  const levelMs = Math.max(CLOSED_LOOK_LEAST_MS, CLOSED_LOOK_RESTS * restMs);
  return {
    difficulty: 'extreme',
    predictedFailure: null,
    description: `Keep 1, 2, 4 … up to ${figure(levels.at(-1) ?? 1)} requests under way until answers per second stop growing`,
    expectedOutcomes: ['the most requests per second that it answers'],
    plan: {
      ...plan,
      warmupMs: 0,
      durationMs: Math.round(levels.length * levelMs),
      graceMs: plan.timeoutMs,
      arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
      chirp: { ...rule, shares: [...rule.shares], levels },
    },
  };
}

function chirpOf(
  { stages, rule }: Extract<Choice, { action: 'chirp' }>,
  problem: GeneratedProblem,
  graceMs: number,
): Pick<Scenario, 'difficulty' | 'predictedFailure' | 'description' | 'expectedOutcomes' | 'plan'> {
  const { plan } = problem;
  const durationMs = stages.reduce((sum, stage) => sum + stage.seconds * 1_000, 0);
  const arrivals =
    plan.arrivals.model === 'closed'
      ? plan.arrivals
      : {
          ...plan.arrivals,
          stages: stages.map(({ seconds, from, to }) => ({
            durationMs: seconds * 1_000,
            fromPerSecond: from,
            toPerSecond: to,
          })),
        };
  const [first] = stages;
  const last = stages.at(-1);
  return {
    difficulty: 'extreme',
    predictedFailure: null,
    description: `Raise the load from ${figure(first?.from ?? 0)} to at most ${amount(last?.to ?? 0, problem.unit)}, until the objectives break`,
    expectedOutcomes: ['finds the rate at which the objectives first break, and stops there'],
    plan: { ...plan, warmupMs: 0, durationMs, graceMs, arrivals, chirp: { ...rule, shares: [...rule.shares] } },
  };
}
