import { describe, expect, it } from 'vitest';
import { OUTCOME_WORDS, OUTCOMES, outcomeOf, tallyRuns, type Validity, type Verdict } from '@hive/contract';
import { scenarioRow } from './samples.js';

const { plan } = scenarioRow.parameters;
const ramp = { ...plan, chirp: { shares: [0.01], latencySeconds: 0.25, gentle: false } };
const validity = (status: Validity['status']): Validity => ({ status, reasons: [] });

describe('the outcome of a run', () => {
  it.each<[Verdict | null, Validity['status'], typeof plan, string | null]>([
    [null, 'valid', plan, null],
    ['passed', 'valid', plan, 'passed'],
    ['failed', 'suspect', plan, 'failed'],
    ['passed', 'invalid', plan, 'not_usable'],
    ['undecided', 'invalid', ramp, 'not_usable'],
    ['failed', 'valid', ramp, 'ramp'],
    ['passed', 'suspect', ramp, 'ramp'],
    ['aborted', 'invalid', ramp, 'aborted'],
    ['not_applicable', 'valid', plan, 'not_applicable'],
  ])('of %s, %s is %4$s', (verdict, status, of, outcome) => {
    expect(outcomeOf({ verdict, validity: validity(status), parameters: { plan: of } })).toBe(outcome);
  });

  it('has a word for each', () => {
    expect(OUTCOMES.map((outcome) => OUTCOME_WORDS[outcome])).toEqual([
      'passed',
      'failed',
      'undecided',
      'not usable',
      'ramp',
      'stopped',
      'does not apply',
    ]);
  });
});

describe('runs counted', () => {
  it('leave out what was stopped, and take no success from a ramp or from what is not usable', () => {
    const runs = [
      { outcome: 'ramp' as const, successRate: 0.2 },
      { outcome: 'passed' as const, successRate: 1 },
      { outcome: 'failed' as const, successRate: 0.5 },
      { outcome: 'not_usable' as const, successRate: 0 },
      { outcome: 'undecided' as const, successRate: null },
      { outcome: 'aborted' as const, successRate: 0.1 },
      { outcome: null, successRate: null },
    ];
    expect(tallyRuns(runs)).toEqual({ total: 5, passed: 1, averageSuccessRate: 0.75 });
    expect(tallyRuns([])).toEqual({ total: 0, passed: 0, averageSuccessRate: null });
  });
});
