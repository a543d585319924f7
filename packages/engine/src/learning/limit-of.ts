import type { Limit } from '@hive/contract';
import { figure } from '../figure.js';
import { GRID_STEP, type Belief } from './belief.js';
import { effectiveCap, rateOf, whyUnknown, type Clause, type Learner } from './learner.js';
import { marginLimit } from './margin.js';
import { chanceBelow, intervalOf, posteriorOf, quantile } from './posterior.js';
import { intensityFailing, safeIntensity } from './predict.js';
import { fromCoordinate, toCoordinate } from './scale.js';

/** With fewer bad requests than these allowed in a run, chance decides about it. */
const LEAST_ALLOWED = 15;
/** Half width, as a share, beyond which an interval wants an explanation. */
const WIDE = 0.05;

/** The limit as the contract tells it. `updatedAt` is the caller's: the learner has no clock. */
export function limitOf(learner: Learner, evidence: 'counts' | 'margin' = 'counts'): Limit {
  const { config, beliefs, tried } = learner;
  const common = {
    kind: config.kind,
    unit: config.unit,
    method: 'belief' as const,
    level: 0.95,
    horizonSeconds: config.horizonSeconds,
    scenarios: tried.length,
    updatedAt: null,
  };
  const none = { estimate: null, low: null, high: null, safe: null, band: null, binding: null };
  if (evidence === 'margin') return { ...common, ...none, ...marginLimit(learner) };
  if (beliefs === null || tried.length === 0)
    return {
      ...common,
      ...none,
      status: 'unknown',
      reason: whyUnknown(learner),
    };
  const posterior = posteriorOf(beliefs);
  const most = effectiveCap(learner);
  const cap = toCoordinate(config.scale, most);
  const interval = intervalOf(posterior);
  const [low, estimate, high] = [interval.low, interval.middle, interval.high].map((coordinate) =>
    fromCoordinate(config.scale, coordinate),
  ) as [number, number, number];
  const binding = tried.some((one) => one.failed) ? bindingOf(config.clauses, beliefs) : null;
  if (chanceBelow(posterior, cap) < 0.025)
    return {
      ...common,
      ...none,
      status: 'at_least',
      low: most,
      safe: safeIntensity(learner),
      reason:
        learner.ceiling === null
          ? `held at the cap of ${figure(config.cap)} ${config.unit}; ${config.capReason}`
          : `the load generator could not send ${figure(learner.ceiling)} ${config.unit}; add threads or another machine`,
    };
  if (chanceBelow(posterior, toCoordinate(config.scale, config.floor)) > 0.975)
    return {
      ...common,
      ...none,
      status: 'below',
      high: config.floor,
      binding,
      reason: `not even ${figure(config.floor)} ${config.unit} held`,
    };
  const band = [
    intensityFailing(learner, 0.1, config.horizonSeconds),
    intensityFailing(learner, 0.9, config.horizonSeconds),
  ] as [number, number];
  const known = {
    ...common,
    status: 'known' as const,
    estimate,
    low,
    high,
    safe: safeIntensity(learner),
    band,
    binding,
  };
  const why = changed(learner, { low, high }) ?? tooRare(learner, { estimate, low, high });
  return why === null ? known : { ...known, reason: why };
}

/** The clause that breaks first. What was refused is bad in every clause: of those that break together, the one about errors tells why. */
function bindingOf(clauses: readonly Clause[], beliefs: readonly Belief[]): string | null {
  const medians = beliefs.map((belief) => quantile(posteriorOf([belief]), 0.5));
  const first = Math.min(...medians);
  const together = clauses.filter((_, j) => (medians[j] as number) <= first + GRID_STEP);
  const errors = together.find(({ latencySeconds }) => latencySeconds === null);
  return (errors ?? clauses[medians.indexOf(first)])?.expression ?? null;
}

/** Its interval and that of the session before have nothing in common. */
function changed({ past, config }: Learner, { low, high }: { low: number; high: number }): string | null {
  const before = past.at(-1);
  if (before === undefined || (low <= before.high && before.low <= high)) return null;
  return `the target changed: it was ${figure(before.low)}–${figure(before.high)} ${config.unit} in the session before`;
}

/** The interval stayed wide because so few requests come that what the objective allows hardly ever happens. */
function tooRare(
  learner: Learner,
  { estimate, low, high }: { estimate: number; low: number; high: number },
): string | null {
  const { config } = learner;
  const rarest = Math.min(...config.clauses.map(({ allowedShare }) => allowedShare));
  const allowed = rateOf(learner, estimate) * config.horizonSeconds * rarest;
  if (allowed >= LEAST_ALLOWED || Math.log(high / low) / 2 <= Math.log(1 + WIDE)) return null;
  return `of ${figure(config.horizonSeconds)} s of requests at this load only ${figure(allowed)} may be bad, too few to learn from quickly: allow a larger share (a p95, say), or give more time`;
}
