import { z } from 'zod';
import { HiveError } from './errors.js';

interface Clause {
  /** In its one spelling. */
  expression: string;
  /** Whose requests it is about; null: all. */
  requestClass: string | null;
  /** What is measured: the response time, or the time to the first byte of the answer's body. */
  of: 'response' | 'firstByte';
  blockMs: number | null;
}

/** How a count or a rate is compared. */
type Operator = '<' | '<=' | '>' | '>=' | '==';

/** One parsed clause of the objectives. Latencies in ms, rates as shares 0–1, throughput in 1/s. */
export type Objective = Clause &
  (
    | { type: 'percentile'; quantile: number; latencyMs: number }
    | { type: 'average'; latencyMs: number }
    | { type: 'extreme'; which: 'min' | 'max'; latencyMs: number }
    | { type: 'errors'; share: number; exactly: boolean }
    | { type: 'throughput'; perSecond: number }
    | { type: 'count'; comparison: Operator; requests: number }
  );

export const DEFAULT_OBJECTIVES: readonly string[] = ['p(99)<250', 'rate<0.01'];

const GRAMMAR =
  /^(?:(?<requestClass>[a-zA-Z0-9][\w.-]{0,62})\s*:\s*)?(?<first>ttfb\s*\.\s*)?(?:p\(\s*(?<quantile>\d+(?:\.\d+)?)\s*\)|(?<name>avg|med|min|max|rate|count|throughput))\s*(?<op><=|>=|==|<|>)\s*(?<value>\d+(?:\.\d+)?)(?:\s*(?<unit>ms|s)\b)?(?:\s+for\s+(?<block>\S+))?$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/gy;
const DURATION_UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const HINT =
  "write, for example, p(99)<250 (ms), p(95)<0.5s, avg<80, ttfb.p(95)<300 (to the first byte of the body), rate<0.01 (share of errors), count>=1000 (good answers), throughput>=100 (answers/s) or login:p(95)<200 (one request class), optionally followed by 'for 10s'";
/** What has a unit of time, and may be measured to the first byte. */
const TIMES: ReadonlySet<string | undefined> = new Set(['avg', 'med', 'min', 'max', undefined]);

/**
 * Parses one objective: `[CLASS:][ttfb.]STATISTIC OP VALUE [for BLOCK]`, such as `p(99)<250`, `p(95)<=0.2s for 10s`, `login:rate==0`,
 * `ttfb.med<80` or `throughput>=100`. A latency without a unit is in ms.
 * @throws HiveError `validation` naming what is wrong with the expression.
 */
export function parseObjective(expression: string): Objective {
  const parts = GRAMMAR.exec(expression.trim())?.groups as Partial<Record<string, string>> | undefined;
  if (parts === undefined) throw invalid(expression, 'is not an objective');
  const problem = problemOf(parts);
  if (problem !== null) throw invalid(expression, problem);
  const { requestClass, first, quantile, name, op, block, unit } = parts;
  const value = unit === 's' ? Number((Number(parts['value']) * 1_000).toPrecision(15)) : Number(parts['value']);
  const of = first === undefined ? ('response' as const) : ('firstByte' as const);
  const statistic = quantile === undefined ? name : `p(${Number(quantile)})`;
  const spelling = [
    requestClass === undefined ? '' : `${requestClass}:`,
    of === 'firstByte' ? 'ttfb.' : '',
    `${statistic}${op}${value}`,
    block === undefined ? '' : ` for ${block}`,
  ].join('');
  const blockMs = block === undefined ? null : parseDuration(block);
  const clause: Clause = { expression: spelling, requestClass: requestClass ?? null, of, blockMs };
  switch (name) {
    case 'throughput':
      return { ...clause, type: 'throughput', perSecond: value };
    case 'count':
      return { ...clause, type: 'count', comparison: op as Operator, requests: value };
    case 'rate':
      return { ...clause, type: 'errors', share: value, exactly: op === '==' };
    case 'avg':
      return { ...clause, type: 'average', latencyMs: value };
    case 'min':
    case 'max':
      return { ...clause, type: 'extreme', which: name, latencyMs: value };
    default:
      return {
        ...clause,
        type: 'percentile',
        quantile: name === 'med' ? 0.5 : Number(quantile) / 100,
        latencyMs: value,
      };
  }
}

/** What is wrong with an objective of the right form; null: nothing. */
function problemOf({ first, quantile, name, op, value, unit, block }: Partial<Record<string, string>>): string | null {
  const isUpper = op === '<' || op === '<=';
  const number = Number(value);
  if (first !== undefined && !TIMES.has(name)) return `measures no time: ttfb. takes p(N), avg, med, min and max`;
  if (unit !== undefined && !TIMES.has(name)) return `compares ${name} with a time: leave out ${unit}`;
  if (op === '==' && name !== 'rate' && name !== 'count') return 'compares with ==, which only rate and count take';
  if (block !== undefined && (name === 'min' || name === 'max' || name === 'count'))
    return `has a block, which ${name} does not take: leave out 'for ${block}'`;
  if (name === 'count') return null;
  if (name === 'throughput') return isUpper ? 'sets an upper bound on throughput: use >= or >' : null;
  if (name === 'rate') {
    if (!isUpper && op !== '==') return 'sets a lower bound on an error rate: use <, <= or ==';
    return number > 1 ? `has an error rate of ${number}: write a share from 0 to 1` : null;
  }
  if (!isUpper) return 'sets a lower bound on a response time or an error rate: use < or <=';
  if (number <= 0) return 'has a response time of zero, which no request can meet';
  if (quantile !== undefined && (Number(quantile) <= 0 || Number(quantile) >= 100))
    return `has percentile ${quantile}: write one between 0 and 100`;
  return null;
}

/** Parses every clause, or the defaults when there is none. Throws like {@link parseObjective}, at the first bad clause. */
export function parseObjectives(expressions: readonly string[]): Objective[] {
  return (expressions.length > 0 ? expressions : DEFAULT_OBJECTIVES).map(parseObjective);
}

/** The share of requests a clause allows to be bad: 1 − q for a percentile, the rate itself for errors. Null where a clause is not about counts. */
export function allowedShare(objective: Objective): number | null {
  // Rounded: 1 − 0.99 is 0.010000000000000009 in binary.
  if (objective.type === 'percentile') return Number((1 - objective.quantile).toPrecision(12));
  return objective.type === 'errors' && (!objective.exactly || objective.share === 0) ? objective.share : null;
}

/** The smallest response time of any percentile clause about all requests in ms, or null without one. It is the L of the design. */
export function strictestLatencyMs(objectives: readonly Objective[]): number | null {
  const latencies = objectives.flatMap((one) =>
    one.type === 'percentile' && one.of === 'response' && one.requestClass === null ? [one.latencyMs] : [],
  );
  return latencies.length > 0 ? Math.min(...latencies) : null;
}

/** An objective about a class that is not there, and what is wrong with it; null: there is none. */
export function unknownClassOf(
  objectives: readonly string[],
  requests: readonly { name?: string | undefined }[],
): { index: number; message: string } | null {
  const names = new Set(requests.length === 0 ? ['default'] : requests.map(({ name = 'default' }) => name));
  for (const [index, expression] of objectives.entries()) {
    // One that is wrong by itself is told elsewhere.
    const { success, data = '' } = objectiveSchema.safeParse(expression);
    const requestClass = success ? parseObjective(data).requestClass : null;
    if (requestClass === null || names.has(requestClass)) continue;
    const message = `'${expression}' is about the request class ${requestClass}, which is not there: name one of ${[...names].join(', ')}`;
    return { index, message };
  }
  return null;
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

/** A zod string that must parse as an objective, and is then in its one spelling; the issue carries the parser's own words. */
export const objectiveSchema = z
  .string()
  .superRefine((text, context) => {
    try {
      parseObjective(text);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `${(error as HiveError).message}; ${(error as HiveError).hint ?? ''}`,
      });
    }
  })
  .overwrite((text) => {
    try {
      return parseObjective(text).expression;
    } catch {
      return text;
    }
  });

function invalid(expression: string, problem: string): HiveError {
  return new HiveError('validation', `'${expression}' ${problem}`, { hint: HINT });
}
