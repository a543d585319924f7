import type { HiveError } from '@hive/contract';
import { NOBODY, type Origin } from '../../identity/principal.js';
import { keep, type Auditor } from './audited.js';

const MINUTE_MS = 60_000;
/** Whoever is not known may ask without end: more a minute are not kept. */
const MOST_A_MINUTE = 100;

/** A request that was refused before it came to any verb. */
export interface Refusal {
  /** Method and path, without a query. */
  request: string;
  origin: Origin;
  error: HiveError;
}

/** Keeps requests that were refused at the door. */
export function refusals(auditor: Auditor): (refusal: Refusal) => void {
  let beganMs = Number.NEGATIVE_INFINITY;
  let kept = 0;
  return ({ request, origin, error }) => {
    const now = auditor.now();
    if (now - beganMs >= MINUTE_MS) {
      beganMs = now;
      kept = 0;
    }
    kept += 1;
    if (kept > MOST_A_MINUTE) return;
    const did = { action: 'request', on: request, outcome: 'refused', reason: error.message } as const;
    void keep(auditor, { ...NOBODY, origin }, did);
  };
}
