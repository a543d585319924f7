import { figure } from '../figure.js';
import { chirpStages, type ChirpStage } from './chirp.js';
import { chooseProbe, type Probe } from './choose.js';
import { chirpRule, effectiveCap, rateOf, type Learner } from './learner.js';
import { chanceBelow, posteriorOf, quantile, type Posterior } from './posterior.js';
import { fromCoordinate, toCoordinate } from './scale.js';
import type { ChirpRule } from './stopping.js';

/** What to do next, with the reason in one sentence. */
export type Step =
  | { action: 'chirp'; stages: ChirpStage[]; rule: ChirpRule; reason: string }
  | ({ action: 'probe'; reason: string } & Probe)
  | { action: 'done'; reason: string };

/** What to do next: a chirp, a probe, or nothing more. */
export function next(learner: Learner, { secondsLeft }: { secondsLeft: number }): Step {
  const { config, beliefs } = learner;
  if (beliefs === null) {
    const step = config.chirp ? firstLook(learner) : climb(learner);
    return stepSeconds(step) > secondsLeft ? { action: 'done', reason: 'the budget is spent' } : step;
  }
  const posterior = posteriorOf(beliefs);
  const ending = finished(learner, posterior);
  if (ending !== null) return { action: 'done', reason: ending };
  const probe = chooseProbe({
    posterior,
    beliefs,
    config,
    cap: effectiveCap(learner),
    rateOf: (intensity) => rateOf(learner, intensity),
    secondsLeft,
  });
  if (probe === null) return { action: 'done', reason: 'the budget is spent' };
  return { action: 'probe', ...probe, reason: reasonFor(learner, posterior) };
}

function firstLook({ config }: Learner): Step {
  const { cap, latencySeconds, allowOverload, start, floor } = config;
  const stages = chirpStages({
    start: Math.max(floor, Math.min(start, cap)),
    cap,
    latencySeconds,
    gentle: !allowOverload,
  });
  return {
    action: 'chirp',
    stages,
    rule: chirpRule(config),
    reason: 'unknown so far: raise the load until it begins to hurt',
  };
}

/** Where no chirp can be run: short probes that double, or rise by 15 % where overload is not allowed, until one fails. */
function climb({ config, tried }: Learner): Step {
  const { cap, floor, latencySeconds, start, whole, unit } = config;
  const before = tried.at(-1);
  const higher = before ? before.intensity * (config.allowOverload ? 2 : 1.15) : start;
  const inside = Math.min(Math.max(higher, floor), cap);
  const intensity = whole ? Math.min(cap, Math.max(Math.round(inside), (before?.intensity ?? 0) + 1)) : inside;
  return {
    action: 'probe',
    intensity,
    warmupSeconds: Math.max(1, latencySeconds),
    seconds: Math.max(2, 2 * latencySeconds),
    predictedFailure: null,
    reason: before ? `${figure(before.intensity)} ${unit} held: go on climbing` : 'unknown so far: begin gently',
  };
}

function stepSeconds(step: Step): number {
  return step.action === 'chirp'
    ? Math.min(
        10,
        step.stages.reduce((sum, stage) => sum + stage.seconds, 0),
      )
    : step.action === 'probe'
      ? step.warmupSeconds + step.seconds
      : 0;
}

function finished(learner: Learner, posterior: Posterior): string | null {
  const { config, tried } = learner;
  const cap = toCoordinate(config.scale, effectiveCap(learner));
  const floor = toCoordinate(config.scale, config.floor);
  if (tried.length > 0 && chanceBelow(posterior, cap) < 0.025)
    return `it holds at ${figure(effectiveCap(learner))} ${config.unit}, the most that may be tried`;
  if (tried.length > 0 && chanceBelow(posterior, floor) > 0.975)
    return `not even ${figure(config.floor)} ${config.unit} holds`;
  const [low, middle, high] = [quantile(posterior, 0.025), quantile(posterior, 0.5), quantile(posterior, 0.975)];
  if ((high - low) / 2 > Math.log(1 + config.precision)) return null;
  const near = tried.map((one) => ({ ...one, x: toCoordinate(config.scale, one.intensity) }));
  const passed = near.some((one) => !one.failed && one.x < high && one.x > middle - 0.25);
  const failed = near.some((one) => one.failed && one.x > low && one.x < middle + 0.4);
  return passed && failed ? `the limit is known to ±${figure(config.precision * 100)} %` : null;
}

function reasonFor({ config, tried }: Learner, posterior: Posterior): string {
  const [low, high] = [quantile(posterior, 0.025), quantile(posterior, 0.975)].map((x) =>
    figure(fromCoordinate(config.scale, x)),
  );
  return tried.length === 0
    ? `the load began to hurt: the limit is between ${low} and ${high} ${config.unit}`
    : `the limit is between ${low} and ${high} ${config.unit}: this probe tells most for its cost`;
}
