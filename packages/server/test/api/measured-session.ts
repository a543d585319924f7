import { newTrainingId, type FinishedSession } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import { expect } from 'vitest';
import { gatherSession } from '../../src/index.js';
import { sampleResult, sampleScenario, sampleTarget, sampleWindow } from '../store/samples.js';

/** 90 values of 20 ms and 10 of 40 ms. */
const HISTOGRAM = Buffer.from('HISTFAAAACp4nJNpmSzMwMDAzsDAwMjAwMDMAAEgNgPz5HYGGP9w8BbGv/wiAF1gBVw=', 'base64');

/** A session that another process measured: one scenario of this many kept windows. */
export async function measuredSession(sessionId = newTrainingId(), windows = 2): Promise<FinishedSession> {
  const target = sampleTarget();
  const scenario = sampleScenario(target.id);
  const histograms = { responseTime: new Uint8Array(HISTOGRAM), serviceTime: null };
  const ids = { scenarioId: scenario.id, sessionId, targetId: target.id };
  const kinds = [scenario.kind];
  async function* events(): AsyncGenerator<TrainingEvent> {
    yield { type: 'scenario_started', scenario, reason: 'to begin with', plannedMs: 1_000 };
    for (let second = 0; second < windows; second++) {
      const window = sampleWindow(ids, { fromMs: second * 1_000, toMs: (second + 1) * 1_000 });
      yield { type: 'window', window };
      yield { type: 'row', window, ...histograms };
    }
    yield { type: 'scenario_completed', scenario, result: sampleResult(), ...histograms };
    yield { type: 'ended', code: 'goal', reason: 'the limits are known', stopped: false, limits: [] };
  }
  const { signal } = new AbortController();
  const gathered = await gatherSession({ target, sessionId, kinds, budgetSeconds: 60, signal, events });
  expect(gathered.error).toBeNull();
  return gathered.session;
}
