import { HiveError, type Kind, type Target } from '@hive/contract';
import { figure } from '../figure.js';
import { LEAST_HOLD_SECONDS } from '../learning/hold.js';

/** What a search needs beside a hold, s. */
const LEAST_SEARCH_SECONDS = 60;

/**
 * Whether a hold can be part of a session. `names`: what hold, budget and kinds are called where they were given.
 * @throws HiveError `validation` naming one of them, and the mend.
 */
export function checkHold(
  asked: { holdMs: number | undefined; budgetMs: number; kinds: readonly Kind[]; target: Target },
  names: { hold: string; budget: string; kinds: string },
): void {
  if (asked.holdMs === undefined) return;
  const seconds = asked.holdMs / 1_000;
  const { maxSeconds } = asked.target.safety;
  const least = seconds + LEAST_SEARCH_SECONDS;
  if (seconds < LEAST_HOLD_SECONDS)
    refuse(names.hold, `${figure(seconds)} s show little`, `hold for ${LEAST_HOLD_SECONDS} s or more`);
  if (seconds > maxSeconds)
    refuse(
      names.hold,
      `${figure(seconds)} s are more than ${figure(maxSeconds)} s, the longest run that the target's safety.maxSeconds allows`,
      `hold for ${figure(maxSeconds)} s at most, or raise safety.maxSeconds of the target`,
    );
  if (!asked.kinds.includes('load_balancing'))
    refuse(
      names.kinds,
      'only load_balancing has a rate that can be held, and it is not among them',
      `add load_balancing, or leave out ${names.hold}`,
    );
  if (asked.budgetMs < least * 1_000)
    refuse(
      names.budget,
      `${figure(asked.budgetMs / 1_000)} s leave too little to search beside a hold of ${figure(seconds)} s`,
      `give ${figure(least)} s or more`,
    );
}

function refuse(field: string, message: string, hint: string): never {
  throw new HiveError('validation', `${field}: ${message}`, { hint, details: { problems: [{ field, message }] } });
}
