import { BASE_KIND, HiveError, type Kind, type Limit, type Target } from '@hive/contract';
import { figure } from '../figure.js';
import { LEAST_HOLD_SECONDS } from '../learning/weights.js';
import { warmupSeconds } from '../learning/limit/learner.js';
import type { LearnedResult } from '../learning/axis.js';
import { standardOn } from './axes.js';

/** What a search needs beside a hold, s. */
const LEAST_SEARCH_SECONDS = 60;
/** Of a hold so much is warm-up at most. */
const MOST_WARMUP = 1 / 3;

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
  const warmup = warmupSeconds(standardOn(asked.target, BASE_KIND));
  if (warmup > MOST_WARMUP * seconds)
    refuse(
      names.hold,
      `${figure(seconds)} s are too short beside a warm-up of ${figure(warmup)} s, twice what a request may take`,
      `hold for ${Math.ceil(warmup / MOST_WARMUP)} s or more`,
    );
  if (seconds > maxSeconds)
    refuse(
      names.hold,
      `${seconds} s are more than ${maxSeconds} s, the longest run that the target's safety.maxSeconds allows`,
      `hold for ${maxSeconds} s at most, or raise safety.maxSeconds where the target is described`,
    );
  if (!asked.kinds.includes(BASE_KIND))
    refuse(
      names.kinds,
      `only ${BASE_KIND} has a rate that can be held, and it is not among them`,
      `add ${BASE_KIND}, or hold nothing`,
    );
  if (asked.budgetMs < least * 1_000)
    refuse(
      names.budget,
      `${asked.budgetMs / 1_000} s leave too little to search beside a hold of ${seconds} s`,
      `give ${Math.ceil(least)} s or more`,
    );
}

/** What is said of a hold that was asked for and did not hold; null: it did. Of the session's results, and the limit they left. */
export function toldOfHold(
  seconds: number,
  results: readonly LearnedResult[],
  limit: Limit | undefined,
): string | null {
  if (limit?.heldSeconds !== undefined) return null;
  const last = results.findLast(({ scenario, result }) => scenario.plan.hold === true && result.verdict !== 'aborted');
  const what = `the hold of ${figure(seconds)} s`;
  if (last?.result.verdict === 'failed') return `${what} broke, and there was no time for another`;
  if (last !== undefined) return `${what} could not be judged: ${last.result.reason}`;
  if (limit?.safe == null) return `${what} was not made: it is not known what would be safe`;
  return `${what} was not made: too little time was left for it`;
}

function refuse(field: string, message: string, hint: string): never {
  throw new HiveError('validation', `${field}: ${message}`, { hint, details: { problems: [{ field, message }] } });
}
