import { BASE_KIND, HiveError, type Kind, type Limit, type Target } from '@hive/contract';
import { figure } from '../../figure.js';
import { LEAST_HOLD_SECONDS } from '../../learning/weights.js';
import { warmupSeconds } from '../../learning/limit/learner.js';
import type { LearnedResult } from '../../learning/axis.js';
import { standardOn } from '../axes.js';

/** What a search needs beside a hold, s. */
const LEAST_SEARCH_SECONDS = 60;
/** The largest share of a hold that may be warm-up. */
const MOST_WARMUP = 1 / 3;

/**
 * Whether a hold can be part of a session. `names`: what hold, budget and kinds are called where they were given.
 * @throws HiveError `validation` naming one of them, and how to fix it.
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
    refuse(names.hold, `a soak of ${figure(seconds)} s shows too little`, `give ${LEAST_HOLD_SECONDS} s or more`);
  const warmup = warmupSeconds(standardOn(asked.target, BASE_KIND));
  if (warmup > MOST_WARMUP * seconds)
    refuse(
      names.hold,
      `a soak of ${figure(seconds)} s is too short: its warm-up alone takes ${figure(warmup)} s, twice the longest response time allowed`,
      `give ${Math.ceil(warmup / MOST_WARMUP)} s or more`,
    );
  if (seconds > maxSeconds)
    refuse(
      names.hold,
      `a soak of ${seconds} s is longer than the target's safety.maxSeconds allows (${maxSeconds} s)`,
      `give ${maxSeconds} s or less, or raise safety.maxSeconds in the description of the target`,
    );
  if (!asked.kinds.includes(BASE_KIND))
    refuse(
      names.kinds,
      `only ${BASE_KIND} has a rate to soak at, and it is not in the list`,
      `add ${BASE_KIND}, or leave out ${names.hold}`,
    );
  if (asked.budgetMs < least * 1_000)
    refuse(
      names.budget,
      `${asked.budgetMs / 1_000} s is too short to search for the limit and soak for ${seconds} s`,
      `give ${Math.ceil(least)} s or more`,
    );
}

/** What the session says about a hold that was asked for and did not pass; null: it passed. */
export function toldOfHold(
  seconds: number,
  results: readonly LearnedResult[],
  limit: Limit | undefined,
): string | null {
  if (limit?.heldSeconds !== undefined) return null;
  const last = results.findLast(({ scenario, result }) => scenario.plan.hold === true && result.verdict !== 'aborted');
  const what = `the soak of ${figure(seconds)} s`;
  if (last?.result.verdict === 'failed') return `${what} failed, and no time was left for another`;
  if (last !== undefined) return `${what} could not be judged: ${last.result.reason}`;
  if (limit?.safe == null) return `${what} did not start: no safe rate is measured yet`;
  return `${what} did not start: too little time was left`;
}

function refuse(field: string, message: string, hint: string): never {
  throw new HiveError('validation', `${field}: ${message}`, { hint, details: { problems: [{ field, message }] } });
}
