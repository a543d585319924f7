import { expect, it } from 'vitest';
import { learnerOf } from '../../src/learning/limit/fold.js';
import type { LearnedResult } from '../../src/learning/axis.js';
import { RATE_AXIS } from './axis.js';
import { simulateSession } from './simulated-session.js';

const SERVICE = { limit: 380, steepness: 40, scatter: 0.01 };

/** As real runs are: their last block lasts until the last answer has come. */
function answeredLate({ result, ...run }: LearnedResult): LearnedResult {
  const { evidence } = result;
  if (evidence?.type !== 'counts' || evidence.endedEarly) return { ...run, result };
  const blocks = (evidence.blocks ?? []).map((block, i, all) =>
    i === all.length - 1 ? { ...block, seconds: block.seconds + 0.3 } : block,
  );
  return { ...run, result: { ...result, evidence: { ...evidence, blocks } } };
}

it('takes what was offered from the time in which it was sent, not until the last answer came', () => {
  const { results } = simulateSession({ axis: { ...RATE_AXIS }, service: SERVICE, seed: 3 });
  const late = results.map(answeredLate);
  expect(late).not.toEqual(results);
  const [told, toldLate] = [results, late].map((some) => learnerOf({ ...RATE_AXIS }, some));
  expect(toldLate!.tried).toEqual(told!.tried);
});
