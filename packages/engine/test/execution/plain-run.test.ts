import type { Plan } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../src/execution/events.js';
import { execute, type Executed } from '../../src/execution/execute.js';
import { plainScenario } from '../../src/execution/plain-scenario.js';
import { openAt } from '../../src/kinds/requests.js';
import { STANDARD_PLAN } from '../../src/kinds/wording.js';
import { virtualSurroundings } from '../../src/virtual/surroundings.js';
import { SERVICES } from '../golden/services.js';

/** Runs a plain load, which is `rate` requests a second, against the three nodes that take 400/s together. */
async function plainRun(rate: number): Promise<{ events: TrainingEvent[]; executed: Executed; plan: Plan }> {
  const { settings, target } = SERVICES['three nodes']!;
  const plan = { ...STANDARD_PLAN, arrivals: openAt(rate, target) };
  const run = execute({
    scenario: plainScenario({ target, plan, seed: 1 }),
    plain: true,
    target,
    ...virtualSurroundings({ settings, seed: 1 }),
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
  });
  const events: TrainingEvent[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, executed: next.value, plan };
    events.push(next.value);
  }
}

describe('a plain run', () => {
  it('is judged by the objectives over all its requests, and gives nothing to learn from', async () => {
    const { result } = (await plainRun(100)).executed;
    expect(result).toMatchObject({ verdict: 'passed', evidence: null });
    expect(result.reason).toMatch(/^met p\(99\)<250 and rate<0\.01 \(observed [\d.]+ ms and 0 %, /);
    expect(result.furtherEvidence).toBeUndefined();
  });

  it('goes on to its end however certain its failure is', async () => {
    const { executed, plan } = await plainRun(900);
    expect(executed.result).toMatchObject({ verdict: 'failed', evidence: null });
    expect(executed.result.reason).not.toContain('stopped early');
    expect(executed.result.measurement?.durationMs).toBe(plan.durationMs);
  });

  it('looks at what the target names to be watched', async () => {
    const { events } = await plainRun(100);
    const rows = events.filter((event) => event.type === 'row');
    expect(rows.length).toBeGreaterThan(5);
    for (const { window } of rows) expect(window.watched?.['target_memory']).toBeGreaterThan(0);
  });
});
