import { z } from 'zod';
import type { Validity, Verdict } from './verdict.js';

/** What is said about a run: its verdict, unless it has none. */
export const OUTCOMES = ['passed', 'failed', 'undecided', 'not_usable', 'ramp', 'aborted', 'not_applicable'] as const;
export const outcomeSchema = z.enum(OUTCOMES);
export type Outcome = (typeof OUTCOMES)[number];

/** A run as far as its outcome goes. */
interface Run {
  verdict: Verdict | null;
  validity: Validity | null;
  parameters: { plan: { chirp?: unknown } };
}

/** Whether a run has no intensity of its own: its load rises until the objectives break. */
export function isRamp({ plan }: Run['parameters']): boolean {
  return plan.chirp !== undefined;
}

/** The outcome of a run; null before its end. What is not usable has no verdict, and a ramp is no test of a load. */
export function outcomeOf({ verdict, validity, parameters }: Run): Outcome | null {
  if (verdict === null || verdict === 'aborted' || verdict === 'not_applicable') return verdict;
  if (validity?.status === 'invalid') return 'not_usable';
  return isRamp(parameters) ? 'ramp' : verdict;
}

/** Runs of a session that are over, counted. */
export interface RunTally {
  /** Those that were not stopped. */
  total: number;
  passed: number;
  /** Mean share of good requests of those that were judged, 0–1; null without any. */
  averageSuccessRate: number | null;
}

/** Counts runs. What was stopped says nothing and is left out; what is not usable and a ramp are counted, and nothing more. */
export function tallyRuns(runs: Iterable<{ outcome: Outcome | null; successRate: number | null }>): RunTally {
  let total = 0;
  let passed = 0;
  const rates: number[] = [];
  for (const { outcome, successRate } of runs) {
    if (outcome === null || outcome === 'aborted') continue;
    total += 1;
    if (outcome === 'passed') passed += 1;
    if (successRate !== null && outcome !== 'ramp' && outcome !== 'not_usable') rates.push(successRate);
  }
  const averageSuccessRate = rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return { total, passed, averageSuccessRate };
}
