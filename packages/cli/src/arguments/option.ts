import { HiveError, labelsSchema, parseDuration, parseObjective, parseRate, type Labels } from '@hive/contract';
import { InvalidArgumentError } from 'commander';

/** Turns a parser that throws HiveError into one for commander, which then names the option. */
function option<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof HiveError)) throw error;
      const { message, hint } = error;
      throw new InvalidArgumentError(hint === undefined ? `${message}.` : `${message}; ${hint}.`);
    }
  };
}

/** `500ms`, `10s`, `1m30s` → ms. */
export const durationOption = option(parseDuration);
/** `50/s`, `3000/m` → requests per second. */
export const rateOption = option(parseRate);

/** A whole number within bounds. */
export function wholeOption(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text.trim()) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Write a whole number from ${low} to ${high}.`);
  };
}

/** A place on a kind's axis: a number above zero. */
export function intensityOption(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Write a number above 0.');
}

/** `5%` or `0.05` → 0.05. */
export function shareOption(low: number, high: number): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
    const share = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
    if (share >= low && share <= high) return share;
    throw new InvalidArgumentError(`Write a share from ${low * 100}% to ${high * 100}%, such as 5%.`);
  };
}

/** Collects a repeatable option, each value checked as it comes. */
export function repeated<Value>(
  parse: (text: string) => Value,
): (text: string, before: Value[] | undefined) => Value[] {
  return (text, before) => [...(before ?? []), parse(text)];
}

export const objectiveOption = repeated(
  option((text) => {
    return parseObjective(text).expression;
  }),
);

/** Collects `name=value`; a name that is given again has its last value. */
export function labelOption(text: string, before: Labels | undefined): Labels {
  const at = text.indexOf('=');
  const labels = { ...before, [text.slice(0, Math.max(at, 0))]: text.slice(at + 1) };
  const { success, error } = labelsSchema.safeParse(labels);
  if (at > 0 && success) return labels;
  throw new InvalidArgumentError(
    `'${text}' is not a label${error === undefined ? '' : `: ${error.issues[0]?.message}`}. Write name=value, such as branch=main.`,
  );
}
