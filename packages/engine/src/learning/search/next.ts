import { amount, amounts } from '../../figure.js';
import { chirpStages } from '../belief/chirp.js';
import { chooseProbe, type Probe } from './choose.js';
import { lastChance, measuredTo, runToShow, shownNext, type Unshown } from './show.js';
import type { Step } from './step.js';
import { chirpRule, effectiveCap, rateOf, type Learner } from '../limit/learner.js';
import { chanceBelow, intervalOf, posteriorOf, type Posterior } from '../belief/posterior.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';
import {
  CLEAR_CALL,
  CLIMB_STEP,
  FAILED_JUST_ABOVE,
  FIRST_LOOK_SECONDS,
  GENTLE_STEP_UP,
  HELD_JUST_BELOW,
  INTERVAL_BELOW,
  INTERVAL_UP_TO,
  MOST_CHIRPS,
  NEAR_LEAST_RUNS,
  NEAR_LEAST_SECONDS,
  NEAR_LIMIT,
  RAMP_ALONE_MS,
  RAMP_CONTRADICTED,
  RESTART_LOWER,
  SLOW_ALONE_MS,
  STEP_UP,
} from '../weights.js';

const NO_ROOM = 'the rest of the budget is too short for another run';

/** What the search is for. */
export interface Goal {
  secondsLeft: number;
  /** Half width of the wanted interval, as a share. */
  precision: number;
}

/** Chooses the next step: a chirp, a probe, or nothing more. */
export function next(learner: Learner, goal: Goal): Step {
  const { config, beliefs } = learner;
  const { secondsLeft, precision } = goal;
  if (beliefs === null) {
    const climbs = !config.chirp || learner.climbing.length > 0;
    // What is too short for a first look still has room for a few steps.
    const steps = climbs ? [climb(learner)] : [firstLook(learner), climb(learner)];
    const step = steps.find((one) => stepSeconds(one) <= secondsLeft);
    return step ?? { action: 'done', reason: NO_ROOM, code: 'budget' };
  }
  const again = rampAgain(learner);
  if (again !== null && stepSeconds(again) <= secondsLeft) return again;
  const posterior = posteriorOf(beliefs);
  const ending = finished(learner, posterior, precision) ?? lastChance(learner, secondsLeft);
  if (ending !== null && ending.unseen === null) return { action: 'done', reason: ending.reason, code: 'goal' };
  const shown = ending === null || config.longRunSeconds === null ? null : runToShow(learner, ending, secondsLeft);
  if (shown !== null) return shown;
  const wanted =
    config.longRunSeconds !== null || ending === null ? null : ending.unseen === 'held' ? 'holding' : 'failing';
  const probe = chooseProbe({
    posterior,
    beliefs,
    config,
    cap: effectiveCap(learner),
    rateOf: (intensity) => rateOf(learner, intensity),
    secondsLeft,
    wanted,
  });
  if (probe === null) return { action: 'done', reason: NO_ROOM, code: 'budget' };
  return { action: 'probe', ...probe, reason: reasonFor(learner, posterior) };
}

/** A ramp broke by a chance or a pause at a load that then held, and nothing has failed since: another begins where it held. Null: none is due. */
function rampAgain({ config, chirps, tried, past }: Learner): Step | null {
  const { cap, latencySeconds, allowOverload, restMs } = config;
  const newest = chirps.at(-1);
  if (newest === undefined || newest.onset === null || chirps.length >= MOST_CHIRPS || past.length > 0) return null;
  if (restMs !== null && restMs >= RAMP_ALONE_MS) return null;
  const held = Math.max(0, ...tried.filter(({ worst }) => worst < -CLEAR_CALL).map(({ offered }) => offered));
  if (held < RAMP_CONTRADICTED * newest.onset || tried.some(({ failed }) => failed)) return null;
  return {
    action: 'chirp',
    stages: chirpStages({ start: held, cap, latencySeconds, gentle: !allowOverload }),
    rule: chirpRule(config),
    reason: `the ramp broke at ${amount(newest.onset, config.unit)}, but ${amount(held, config.unit)} held: raise the load from there`,
  };
}

function firstLook({ config, chirps }: Learner): Step {
  const { cap, latencySeconds, allowOverload, start, floor, restMs } = config;
  if (restMs !== null && restMs >= SLOW_ALONE_MS)
    return {
      action: 'chirp',
      stages: [],
      closed: { restMs },
      rule: chirpRule(config),
      reason: 'nothing is known yet: raise the number of requests under way until answers per second stop growing',
    };
  const stages = chirpStages({
    // There is a step up to the cap. A chirp that broke the objectives at once started too high.
    start: Math.max(floor, Math.min(start, cap / STEP_UP) / RESTART_LOWER ** chirps.length),
    cap,
    latencySeconds,
    gentle: !allowOverload,
  });
  return {
    action: 'chirp',
    stages,
    rule: chirpRule(config),
    reason: 'not measured yet: raise the load until the objectives break',
  };
}

/** Where no chirp can be run: short probes that double, or rise by 15 % where overload is not allowed, until one fails. */
function climb({ config, tried }: Learner): Step {
  const { cap, floor, latencySeconds, start, whole, unit } = config;
  const before = tried.at(-1);
  const higher = before ? before.intensity * (config.allowOverload ? STEP_UP : GENTLE_STEP_UP) : start;
  const inside = Math.min(Math.max(higher, floor), cap);
  const intensity = whole ? Math.min(cap, Math.max(Math.round(inside), (before?.intensity ?? 0) + 1)) : inside;
  return {
    action: 'probe',
    intensity,
    ...climbLength({ latencySeconds }),
    predictedFailure: null,
    reason: before
      ? `met the objectives at ${amount(before.intensity, unit)}: raise the load`
      : 'not measured yet: start with a low load',
  };
}

/** How long a step of a climb is: its warm-up, and what is judged; s. */
export function climbLength({ latencySeconds }: { latencySeconds: number }): Pick<Probe, 'warmupSeconds' | 'seconds'> {
  const { leastWarmupSeconds, leastSeconds, latencies } = CLIMB_STEP;
  return {
    warmupSeconds: Math.max(leastWarmupSeconds, latencySeconds),
    seconds: Math.max(leastSeconds, latencies * latencySeconds),
  };
}

function stepSeconds(step: Step): number {
  return step.action === 'chirp'
    ? Math.min(
        FIRST_LOOK_SECONDS,
        step.stages.reduce((sum, stage) => sum + stage.seconds, 0),
      )
    : step.action === 'probe'
      ? step.warmupSeconds + step.seconds
      : 0;
}

/** Why it is finished, and what must be seen first: a pass just below the limit, a failure just above it. Null: it is not finished. */
function finished(learner: Learner, posterior: Posterior, precision: number): Unshown | null {
  const { config, tried } = learner;
  const cap = toCoordinate(config.scale, effectiveCap(learner));
  const floor = toCoordinate(config.scale, config.floor);
  const some = tried.some(({ session }) => session === learner.past.length);
  if (some && chanceBelow(posterior, cap) < INTERVAL_BELOW)
    return {
      reason:
        effectiveCap(learner) < config.cap
          ? `the load generator cannot send much more than ${amount(effectiveCap(learner), config.unit)}`
          : `met the objectives at ${amount(config.cap, config.unit)}, the highest load allowed`,
      unseen: null,
    };
  if (some && chanceBelow(posterior, floor) > INTERVAL_UP_TO)
    return { reason: `missed the objectives even at ${amount(config.floor, config.unit)}`, unseen: null };
  if (config.longRunSeconds !== null && some) return shownNext(learner, precision);
  const { low, middle, high } = intervalOf(posterior);
  if ((high - low) / 2 > Math.log(1 + precision)) return null;
  const near = tried
    .map((one) => ({ ...one, x: toCoordinate(config.scale, one.intensity) }))
    .filter(({ x }) => Math.abs(x - middle) < NEAR_LIMIT);
  const seconds = near.reduce((sum, one) => sum + one.seconds, 0);
  if (near.length < NEAR_LEAST_RUNS && seconds < NEAR_LEAST_SECONDS) return null;
  // What earlier sessions saw is seen again before it counts.
  const seen = near.filter(({ session }) => session === learner.past.length);
  const passed = seen.some((one) => !one.failed && one.x < high && one.x > middle - HELD_JUST_BELOW);
  const failed = seen.some((one) => one.failed && one.x > low && one.x < middle + FAILED_JUST_ABOVE);
  // Where overload is not allowed the failure that ended the climb must do.
  const unseen = passed ? (failed || !config.allowOverload ? null : 'broke') : 'held';
  return { reason: measuredTo(precision), unseen };
}

function reasonFor({ config, tried, past }: Learner, posterior: Posterior): string {
  const { low, high } = intervalOf(posterior);
  const at = (coordinate: number): number => fromCoordinate(config.scale, coordinate);
  const now = `the limit is within ${amounts(at(low), at(high), config.unit)}`;
  const before = past.at(-1);
  if (before !== undefined && !tried.some(({ session }) => session === past.length))
    return `the limit was within ${amounts(before.low, before.high, config.unit)} in the last session: check whether it still is`;
  return tried.length === 0
    ? `the objectives broke during the ramp: ${now}`
    : `${now}: this load gives the most information for its cost`;
}
