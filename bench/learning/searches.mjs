/** The learner and the baselines, each as `search(session, options)` → what it claims. Sessions are of runner.mjs. */
import { createLearner } from '../../packages/engine/dist/learning/learner.js';
import { limitOf } from '../../packages/engine/dist/learning/limit-of.js';
import { next } from '../../packages/engine/dist/learning/next.js';
import { observe, observeChirp } from '../../packages/engine/dist/learning/observe.js';
import { slowest, warmupOf } from './runner.mjs';

export function configOf(definition, options = {}) {
  return {
    kind: 'load_balancing',
    unit: 'requests/s',
    scale: 'ln',
    whole: false,
    floor: 1,
    cap: 100_000,
    capReason: 'that is all there is',
    start: Math.min(20, definition.start ?? 20),
    clauses: definition.clauses.map(({ expression, allowedShare, latency }) => ({
      expression,
      allowedShare,
      latencySeconds: Number.isFinite(latency) ? latency : null,
    })),
    badness: 'load',
    latencySeconds: slowest(definition.clauses),
    horizonSeconds: 30,
    allowOverload: true,
    chirp: true,
    offeredPerSecond: (intensity) => intensity,
    secondsPerBad: 0.01,
    ...options,
  };
}

export const learner = (session, { budget = 600, precision = 0.05, trace, ...options } = {}) => {
  let state = createLearner(configOf(session.definition, options));
  let cpu = 0;
  let decisions = 0;
  for (;;) {
    const began = performance.now();
    const step = session.recovered
      ? next(state, { secondsLeft: budget - session.now, precision })
      : { action: 'done', reason: 'did_not_recover' };
    cpu += performance.now() - began;
    decisions += 1;
    if (step.action === 'done') {
      trace?.(step, state);
      return { limit: limitOf(state), reason: step.reason, state, cpuMs: cpu / decisions };
    }
    if (step.action === 'chirp') {
      const seen = session.chirp(step);
      state = observeChirp(state, seen);
      trace?.(step, state, seen.onset);
    } else {
      const seen = session.probe(step);
      state = observe(state, seen);
      trace?.(step, state, seen);
    }
  }
};

const failed = ({ clauses }) => clauses.some(({ n, bad, allowedShare }) => bad > allowedShare * n);
const run = (session, intensity, seconds) =>
  failed(session.probe({ intensity, seconds, warmupSeconds: warmupOf(session.clauses) }));
const bracket = (low, high) => ({ limit: { status: 'known', estimate: Math.sqrt(low * high), low, high, safe: low } });

/** Double until it fails, then bisect to the asked width. */
export const bisect =
  (seconds) =>
  (session, { budget = 1500, precision = 0.05 } = {}) => {
    let low = 20 * (session.definition.guess < 100 ? 0.1 : 1);
    let high = null;
    let rate = low;
    while (session.now < budget && (high === null || Math.log(high / low) > 2 * Math.log(1 + precision))) {
      if (run(session, rate, seconds)) high = rate;
      else low = rate;
      rate = high === null ? rate * 2 : Math.sqrt(low * high);
    }
    return bracket(low, high ?? low * 2);
  };

/** Steps of 5 % until one fails. */
export const linear =
  (seconds) =>
  (session, { budget = 3000 } = {}) => {
    const step = session.definition.guess * 0.05;
    let rate = step;
    while (session.now < budget && !run(session, rate, seconds)) rate += step;
    return bracket(rate - step, rate);
  };

/** The interval in words, for traces. */
export function limitShown(state) {
  const { estimate, low, high, status } = limitOf(state);
  return status === 'known' ? `${estimate.toFixed(0)} [${low.toFixed(0)}, ${high.toFixed(0)}]` : status;
}
