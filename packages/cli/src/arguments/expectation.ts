import { kindSchema, KINDS, type Kind, type Limit } from '@hive/contract';
import { InvalidArgumentError } from 'commander';
import { repeated } from './option.js';

/** `load_balancing>=500`: what a limit must be for a training session to pass. */
export interface Expectation {
  expression: string;
  kind: Kind;
  operator: '>=' | '>' | '<=' | '<';
  value: number;
}

export interface ExpectationOutcome {
  expression: string;
  /** The learned interval, null where an end is open or nothing is known. */
  observed: { low: number | null; high: number | null };
  outcome: 'passed' | 'failed';
}

export const expectationOption = repeated((text: string): Expectation => {
  const match = /^\s*([a-z_]+)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*$/.exec(text);
  const kind = kindSchema.safeParse(match?.[1]);
  if (!match || !kind.success) {
    throw new InvalidArgumentError(`Write for example 'load_balancing>=500'; the kinds are ${KINDS.join(', ')}.`);
  }
  return {
    expression: text.trim(),
    kind: kind.data,
    operator: match[2] as Expectation['operator'],
    value: Number(match[3]),
  };
});

/** An expectation passes only when the whole learned interval keeps it: what is not shown is not passed. */
export function judgeExpectation(expectation: Expectation, limits: readonly Limit[]): ExpectationOutcome {
  const limit = limits.find((one) => one.kind === expectation.kind);
  const low = limit?.status === 'known' || limit?.status === 'at_least' ? limit.low : null;
  const high = limit?.status === 'known' || limit?.status === 'below' ? limit.high : null;
  const { operator, value } = expectation;
  const passed =
    operator === '>='
      ? low !== null && low >= value
      : operator === '>'
        ? low !== null && low > value
        : operator === '<='
          ? high !== null && high <= value
          : high !== null && high < value;
  return { expression: expectation.expression, observed: { low, high }, outcome: passed ? 'passed' : 'failed' };
}
