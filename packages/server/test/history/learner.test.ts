import { HiveError } from '@hive/contract';
import { expect, it } from 'vitest';
import { createLearner, learnerHere } from '../../src/history/learner/learner.js';
import type { Input } from '../../src/history/learner/work.js';
import { sampleResult, sampleScenario, sampleTarget } from '../store/samples.js';

const target = sampleTarget();
/** Runs at loads that pass up to 300/s. */
const history = [100, 200, 300, 400].map((intensity, index) => {
  const { kind, objectives, base, plan } = sampleScenario(target.id, { intensity });
  return {
    sessionId: 'one',
    scenario: { kind, intensity, objectives, base, plan },
    result: sampleResult({ verdict: intensity > 300 ? 'failed' : 'passed' }),
    at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
  };
});

it('computes in a thread what is computed here, and says the same when it cannot', async () => {
  const beside = createLearner();
  const asked: ['limits', Input<'limits'>] = ['limits', [target, history, ['load_balancing']]];
  const [there, here] = [await beside.compute(...asked), await learnerHere.compute(...asked)];
  expect(there).toEqual(here);
  expect(there[0]).toMatchObject({ kind: 'load_balancing', scenarios: 4 });

  const bad = { target, kinds: ['load_balancing' as const], budgetSeconds: -1, history: null as never, atMs: 0 };
  const refused = await learnerHere.compute('plan', bad).then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
  expect(refused).not.toBe('');
  await expect(beside.compute('plan', bad)).rejects.toThrow(HiveError);
  await expect(beside.compute('plan', bad)).rejects.toThrow(refused);
  // One that failed keeps nobody else from an answer.
  expect(await beside.compute(...asked)).toEqual(here);
  await beside.close();
});

it('keeps no one waiting when it is closed', async () => {
  const beside = createLearner();
  const waiting = beside.compute('limits', [target, history, ['load_balancing']]);
  waiting.catch(() => undefined);
  await beside.close();
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  await expect(beside.compute('limits', [target, history])).rejects.toMatchObject({ code: 'aborted' });
});

it('goes on from what it folded before, to the same as from the beginning', async () => {
  const beside = createLearner();
  for (let count = 1; count <= history.length; count += 1) {
    const asked: Input<'limits'> = [target, history.slice(0, count), ['load_balancing']];
    const alone = createLearner();
    expect(await beside.compute('limits', asked)).toEqual(await alone.compute('limits', asked));
    await alone.close();
  }
  const asked: Input<'prediction'> = [target, history, { kind: 'load_balancing', intensity: 250 }];
  const alone = createLearner();
  expect(await beside.compute('prediction', asked)).toEqual(await alone.compute('prediction', asked));
  // The target is another one: nothing of it was folded before.
  const other: Input<'limits'> = [{ ...target, objectives: ['p(99)<1'] }, history, ['load_balancing']];
  expect(await beside.compute('limits', other)).toEqual(await alone.compute('limits', other));
  await alone.close();
  await beside.close();
});
