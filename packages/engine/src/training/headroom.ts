import { BASE_KIND, type Headroom, type Limit, type Target } from '@hive/contract';
import type { LearnedResult } from '../learning/axis.js';
import type { Peak } from '../watching/peak.js';
import { predict } from './predict.js';

/** What was learned about a target: its results, oldest first, and the limits that follow from them. */
interface Learned {
  target: Target;
  history: readonly LearnedResult[];
  limits: readonly Limit[];
}

/** How the request rate that a target can take compares with its traffic. `at`: when the peak was asked for, ISO 8601. */
export function headroomOf({ target, history, limits }: Learned, peak: Peak, at: string | null): Headroom {
  if ('problem' in peak) return { peakPerSecond: null, headroom: null, atTwice: null, at, trouble: peak.problem };
  const { perSecond } = peak;
  const safe = limits.find(({ kind }) => kind === BASE_KIND)?.safe ?? null;
  const { pass, p99Ms } = predict(target, history, { kind: BASE_KIND, intensity: 2 * perSecond });
  return {
    peakPerSecond: perSecond,
    headroom: safe === null ? null : safe / perSecond,
    atTwice: pass === null ? null : { pass, p99Ms },
    at,
  };
}
