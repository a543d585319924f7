import type { Limit } from '@hive/contract';
import { figure } from '../figure.js';
import { effectiveCap, type Learner } from './learner.js';
import { marginLimit } from './margin.js';
import { chanceBelow, posteriorOf, quantile } from './posterior.js';
import { intensityFailing, safeIntensity } from './predict.js';
import { fromCoordinate, toCoordinate } from './scale.js';

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
      reason: tried.length === 0 ? 'not tried yet' : 'no run was decisive yet',
    };
  const posterior = posteriorOf(beliefs);
  const most = effectiveCap(learner);
  const cap = toCoordinate(config.scale, most);
  const [low, estimate, high] = [0.025, 0.5, 0.975].map((chance) =>
    fromCoordinate(config.scale, quantile(posterior, chance)),
  ) as [number, number, number];
  const binding = tried.some((one) => one.failed) ? (config.clauses[posterior.binding]?.expression ?? null) : null;
  if (chanceBelow(posterior, cap) < 0.025)
    return {
      ...common,
      ...none,
      status: 'at_least',
      low: most,
      safe: safeIntensity(learner),
      reason:
        learner.ceiling === null
          ? `held at the cap of ${figure(config.cap)} ${config.unit}; raise the target's safety cap to look further`
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
  const before = learner.past.at(-1);
  if (before === undefined || (low <= before.high && before.low <= high)) return known;
  const was = `${figure(before.low)}–${figure(before.high)} ${config.unit}`;
  return { ...known, reason: `the target changed: it was ${was} in the session before` };
}
