import { figure } from '../../figure.js';
import type { Facts, Judge, Judgement, MemoryCycle } from '../../judging/facts.js';

/** Fewer cycles than this, the warm-up among them, and the growth has no scatter to be judged by. */
const LEAST_CYCLES = 4;
/** Growth below this share of the budget counts as this share: a logarithm needs a positive value. */
const LEAST_SHARE = 0.01;
const KIB = 1_024;
/**
 * Standard errors beyond which nine of ten runs without a leak stay, by degrees of freedom from 2 (Student, 1908): with three growths
 * one standard error is exceeded by chance in one run of five.
 */
const NINE_OF_TEN = [1.886, 1.638, 1.533, 1.476, 1.44, 1.415, 1.397, 1.383];
const NINE_OF_TEN_AT_LAST = 1.282;

/**
 * The growth of the resident memory that stays in the rests, for each 1,000 requests over the later cycles, is within its budget. A slope in
 * time has no honest interval, since resident memory depends on its own past; whole cycles are nearly independent.
 */
export const judgeMemoryOptimization: Judge = (facts) => {
  const { memory, budgets } = facts;
  const allowed = budgets.memoryBytesPer1000Requests;
  if (memory === null) return undecided('resident memory could not be read');
  if (memory.length < LEAST_CYCLES)
    return undecided(`only ${memory.length} cycles were measured (at least ${LEAST_CYCLES} needed)`);
  const growths = growthsOf(memory);
  if (growths.some(({ requests }) => requests === 0)) return undecided('a cycle had no requests');
  const { observed, standardError } = weigh(growths);
  const expression = `resident memory per 1,000 requests<=${figure(allowed / KIB)} KiB`;
  const shown = Math.max(observed, LEAST_SHARE * allowed);
  const outcome =
    observed - (NINE_OF_TEN[growths.length - 3] ?? NINE_OF_TEN_AT_LAST) * standardError > allowed
      ? 'failed'
      : observed + standardError <= allowed
        ? 'passed'
        : 'undecided';
  const grew = `resident memory grew by ${figure(observed / KIB)} ± ${figure(standardError / KIB)} KiB per 1,000 requests over ${growths.length} cycles`;
  return {
    verdict: outcome,
    reason: `${grew} (${figure(allowed / KIB)} KiB allowed)`,
    objectives: [{ expression, observed, outcome }],
    evidence: {
      type: 'margin',
      expression,
      margin: Math.log(shown / allowed),
      standardError: Math.max(0.05, standardError / shown),
    },
    findings: [floors(memory)],
  };
};

interface Growth {
  requests: number;
  bytes: number;
}

/** From rest to rest, beginning with the rest of the warm-up cycle. */
function growthsOf(cycles: readonly MemoryCycle[]): Growth[] {
  return cycles.slice(1).map(({ requests, floorBytes }, index) => ({
    requests,
    bytes: floorBytes - (cycles[index] as MemoryCycle).floorBytes,
  }));
}

/** Bytes per 1,000 requests over all, and the standard error from the scatter between cycles. */
function weigh(growths: readonly Growth[]): { observed: number; standardError: number } {
  const requests = growths.reduce((sum, one) => sum + one.requests, 0);
  const observed = (growths.reduce((sum, one) => sum + one.bytes, 0) / requests) * 1_000;
  const each = growths.map((one) => (one.bytes / one.requests) * 1_000);
  const variance = each.reduce((sum, one) => sum + (one - observed) ** 2, 0) / (each.length - 1);
  return { observed, standardError: Math.sqrt(variance / each.length) };
}

function floors(cycles: readonly MemoryCycle[]): string {
  const sizes = cycles.map(({ floorBytes }) => figure(floorBytes / KIB / KIB)).join(', ');
  return `resident memory at the end of each pause: ${sizes} MiB`;
}

function undecided(reason: string): Judgement & { facts?: Facts } {
  return { verdict: 'undecided', reason, objectives: [], evidence: null };
}
