import { z } from 'zod';
import { HiveError } from './errors.js';

/** One parsed clause of the objectives, in k6's grammar. Latencies in ms, rates as shares 0–1, throughput in 1/s. */
export type Objective =
  | { type: 'percentile'; expression: string; quantile: number; latencyMs: number; blockMs: number | null }
  | { type: 'average'; expression: string; latencyMs: number; blockMs: number | null }
  | { type: 'errors'; expression: string; share: number; blockMs: number | null }
  | { type: 'throughput'; expression: string; perSecond: number; blockMs: number | null };

export const DEFAULT_OBJECTIVES: readonly string[] = ['p(99)<250', 'rate<0.01'];

const GRAMMAR =
  /^(?:p\(\s*(?<quantile>\d+(?:\.\d+)?)\s*\)|(?<name>avg|rate|throughput))\s*(?<op><=|>=|<|>)\s*(?<value>\d+(?:\.\d+)?)(?:\s+for\s+(?<block>\S+))?$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/gy;
const DURATION_UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const HINT =
  "write, for example, p(99)<250 (ms), avg<80 (ms), rate<0.01 (share of errors) or throughput>=100 (answers/s), optionally followed by 'for 10s'";

/**
 * Parses one objective such as `p(99)<250`, `p(95)<=200 for 10s`, `avg<80`, `rate<0.01` or `throughput>=100`.
 * A trailing `ms` on a latency is accepted.
 * @throws HiveError `validation` naming what is wrong with the expression.
 */
export function parseObjective(expression: string): Objective {
  const text = expression.trim();
  const match = GRAMMAR.exec(text.replace(/(\d)\s*ms\b(?=\s*(?:for\b|$))/, '$1'));
  if (!match?.groups) throw invalid(expression, 'is not an objective');
  const { quantile, name, op, value, block } = match.groups;
  const number = Number(value);
  const blockMs = block === undefined ? null : parseDuration(block);
  const upper = op === '<' || op === '<=';
  if (name === 'throughput') {
    if (upper) throw invalid(expression, 'sets an upper bound on throughput: use >= or >');
    return { type: 'throughput', expression: text, perSecond: number, blockMs };
  }
  if (!upper) throw invalid(expression, 'sets a lower bound on a response time or an error rate: use < or <=');
  if (name === 'rate') {
    if (number > 1) throw invalid(expression, `has an error rate of ${number}: write a share from 0 to 1`);
    return { type: 'errors', expression: text, share: number, blockMs };
  }
  if (number <= 0) throw invalid(expression, 'has a response time of zero, which no request can meet');
  if (name === 'avg') return { type: 'average', expression: text, latencyMs: number, blockMs };
  const percent = Number(quantile);
  if (percent <= 0 || percent >= 100)
    throw invalid(expression, `has percentile ${percent}: write one between 0 and 100`);
  return { type: 'percentile', expression: text, quantile: percent / 100, latencyMs: number, blockMs };
}

/** Parses every clause, or the defaults when there is none. Throws like {@link parseObjective}, at the first bad clause. */
export function parseObjectives(expressions: readonly string[]): Objective[] {
  return (expressions.length > 0 ? expressions : DEFAULT_OBJECTIVES).map(parseObjective);
}

/** The share of requests a clause allows to be bad: 1 − q for a percentile, the rate itself for errors. Null where a clause is not about counts. */
export function allowedShare(objective: Objective): number | null {
  // Rounded: 1 − 0.99 is 0.010000000000000009 in binary.
  if (objective.type === 'percentile') return Number((1 - objective.quantile).toPrecision(12));
  return objective.type === 'errors' ? objective.share : null;
}

/** The smallest latency of any percentile clause in ms, or null without one. It is the L of the design. */
export function strictestLatencyMs(objectives: readonly Objective[]): number | null {
  const latencies = objectives.flatMap((o) => (o.type === 'percentile' ? [o.latencyMs] : []));
  return latencies.length > 0 ? Math.min(...latencies) : null;
}

/**
 * Parses `500ms`, `10s`, `1m30s` or `2h` to milliseconds; a bare number is refused, because its unit would be a guess.
 * @throws HiveError `validation`.
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  DURATION_PART.lastIndex = 0;
  let total = 0;
  let end = 0;
  for (let part = DURATION_PART.exec(trimmed); part; part = DURATION_PART.exec(trimmed)) {
    total += Number(part[1]) * (DURATION_UNIT_MS[part[2] as string] as number);
    end = DURATION_PART.lastIndex;
  }
  if (end === 0 || end !== trimmed.length) {
    throw new HiveError('validation', `'${text}' is not a duration`, {
      hint: 'write, for example, 500ms, 10s or 1m30s',
    });
  }
  return total;
}

/**
 * Parses `50/s`, `3000/m` or a bare `50` (per second) to requests per second.
 * @throws HiveError `validation`.
 */
export function parseRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/(s|m|h))?$/.exec(text.trim());
  const perSecond = match ? Number(match[1]) / ((DURATION_UNIT_MS[match[2] ?? 's'] as number) / 1_000) : Number.NaN;
  if (!(perSecond > 0))
    throw new HiveError('validation', `'${text}' is not a rate`, { hint: 'write, for example, 50/s or 3000/m' });
  return perSecond;
}

/** A zod string that must parse as an objective; the issue carries the parser's own words. */
export const objectiveSchema = z.string().superRefine((text, context) => {
  try {
    parseObjective(text);
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `${(error as HiveError).message}; ${(error as HiveError).hint ?? ''}`,
    });
  }
});

function invalid(expression: string, problem: string): HiveError {
  return new HiveError('validation', `'${expression}' ${problem}`, { hint: HINT });
}
