import { setTimeout as sleep } from 'node:timers/promises';
import { drawOn, whatIsSpent, type SharedAllowance } from '../allowance.js';
import type { Ask } from './ask.js';

const AGAIN_MS = 10;

/** Asks only for what the session may still send. `told` hears after each question. */
export function countedAsk(ask: Ask, shared: SharedAllowance | undefined, told: () => void = () => undefined): Ask {
  if (shared === undefined) return ask;
  const allowance = drawOn(shared);
  return async (question) => {
    while (!allowance.take()) {
      told();
      if (whatIsSpent(shared) !== null || question.signal.aborted)
        return { type: 'failed', code: 'SPENT', message: 'the session has sent all that it may' };
      // Others under way hold the rest, and most of them end well.
      await sleep(AGAIN_MS);
    }
    const answer = await ask(question);
    const { expect } = question.request;
    const isGood =
      answer.type === 'answered' &&
      answer.wrongBody === undefined &&
      (expect?.includes(answer.status) ?? answer.status < 400);
    if (isGood) allowance.good();
    else allowance.bad();
    told();
    return answer;
  };
}
