import { BASE_KIND, HiveError, kindSchema, KINDS, type Kind, type Limit } from '@hive/contract';
import { InvalidArgumentError } from 'commander';
import { repeated } from './option.js';
import type { NameOf } from './target-file.js';

/** `load_balancing>=500`: the limit that a session needs to pass; `load_balancing.safe>=300`: the load that must be safe. */
export interface Expectation {
  expression: string;
  kind: Kind;
  of: 'limit' | 'safe';
  operator: '>=' | '>' | '<=' | '<';
  value: number;
}

export interface ExpectationOutcome {
  kind: Kind;
  expression: string;
  /** The learned interval, or what is safe and above; null where an end is open or nothing is known. */
  observed: { low: number | null; high: number | null };
  outcome: 'passed' | 'failed';
}

export const expectationOption = repeated((text: string): Expectation => {
  const match = /^\s*([a-z_]+)(\.safe)?\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*$/.exec(text);
  const kind = kindSchema.safeParse(match?.[1]);
  if (!match || !kind.success) {
    throw new InvalidArgumentError(
      `Write for example 'load_balancing>=500' or 'load_balancing.safe>=300'. Kinds: ${KINDS.join(', ')}.`,
    );
  }
  const operator = match[3] as Expectation['operator'];
  if (match[2] !== undefined && operator.startsWith('<')) {
    throw new InvalidArgumentError(
      `A safe load has no upper bound to check: write, for example, '${kind.data}.safe>=${match[4]}'.`,
    );
  }
  return {
    expression: text.trim(),
    kind: kind.data,
    of: match[2] === undefined ? 'limit' : 'safe',
    operator,
    value: Number(match[4]),
  };
});

/** Refuses expectations that a session can never show. @throws HiveError `validation`, before anything is sent. */
export function checkExpectations(
  expectations: readonly Expectation[],
  { kinds, holding, nameOf }: { kinds: readonly Kind[]; holding: boolean; nameOf: NameOf },
): void {
  for (const { expression, kind, of } of expectations) {
    const problem = !kinds.includes(kind)
      ? {
          message: `${kind} is not among the kinds to measure`,
          hint: `add it to ${nameOf('kinds')}, or leave out the expectation`,
        }
      : of === 'safe' && holding && kind !== BASE_KIND
        ? { message: `only ${BASE_KIND} has a rate to soak at`, hint: 'leave out --hold' }
        : null;
    if (problem !== null)
      throw new HiveError('validation', `${nameOf('expect')}: '${expression}' cannot be checked: ${problem.message}`, {
        hint: problem.hint,
      });
  }
}

/**
 * An expectation passes only if the whole learned interval meets it: what is not shown does not pass. `mustHold`: a hold was asked for, and only that
 * shows what is safe.
 */
export function judgeExpectation(
  expectation: Expectation,
  limits: readonly Limit[],
  { mustHold }: { mustHold: boolean },
): ExpectationOutcome {
  const { kind, expression, of, operator, value } = expectation;
  const limit = limits.find((one) => one.kind === kind);
  const observed =
    limit === undefined ? { low: null, high: null } : of === 'safe' ? safeOf(limit, mustHold) : endsOf(limit);
  const end = operator.startsWith('>') ? observed.low : observed.high;
  return { kind, expression, observed, outcome: end !== null && keeps(end, operator, value) ? 'passed' : 'failed' };
}

function endsOf({ status, low, high }: Limit): ExpectationOutcome['observed'] {
  return {
    low: status === 'known' || status === 'unsteady' || status === 'at_least' ? low : null,
    high: status === 'known' || status === 'unsteady' || status === 'below' ? high : null,
  };
}

/** A safe load that was only predicted from a rough limit passes no gate. */
function safeOf({ status, safe, heldSeconds }: Limit, mustHold: boolean): ExpectationOutcome['observed'] {
  const isShown = heldSeconds !== undefined || (!mustHold && status !== 'rough');
  return { low: isShown ? safe : null, high: null };
}

function keeps(end: number, operator: Expectation['operator'], value: number): boolean {
  switch (operator) {
    case '>=':
      return end >= value;
    case '>':
      return end > value;
    case '<=':
      return end <= value;
    case '<':
      return end < value;
  }
}
