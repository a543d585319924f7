import { amount, figure } from '../../figure.js';
import { pFail } from '../limit/chance-of-failing.js';
import { warmupSeconds as warmupOf, type Learner } from '../limit/learner.js';
import { safeOf } from '../limit/safe.js';
import type { Step } from './step.js';
import { INTENSITY_DIGITS } from '../weights.js';

/**
 * The run of this many seconds, warm-up included, that shows whether the safe rate is safe. Null: there is nothing to hold, it was held, or such a
 * run could not be judged.
 */
export function holdFor(learner: Learner, seconds: number): Extract<Step, { action: 'probe' }> | null {
  const { config, holds, past } = learner;
  const { safe, heldSeconds } = safeOf(learner);
  if (safe === null || safe < config.floor || heldSeconds !== undefined) return null;
  if (holds.some(({ outcome, session }) => outcome === 'undecided' && session === past.length)) return null;
  const warmupSeconds = warmupOf(config);
  const intensity = Number(safe.toPrecision(INTENSITY_DIGITS));
  const judged = seconds - warmupSeconds;
  return {
    action: 'probe',
    hold: true,
    intensity,
    warmupSeconds,
    seconds: judged,
    predictedFailure: pFail(learner, intensity, judged),
    reason: `${amount(intensity, config.unit)} should be safe: soak there for ${figure(seconds)} s to confirm it`,
  };
}
