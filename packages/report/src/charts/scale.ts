import { figure } from '@hive/contract';

/** One axis: from which value to which, and how its ticks read. */
export interface Scale {
  from: number;
  to: number;
  log: boolean;
  title: string;
  /** Default: as a figure. */
  say?: (value: number) => string;
  /** Default: round values. */
  ticks?: readonly number[];
}

/** Where a value lies on its axis, 0–1; beyond its ends it is held there. */
export function share({ from, to, log }: Scale, value: number): number {
  const place = log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.min(1, Math.max(0, place));
}

/** Its ticks with their texts. */
export function ticksOf(scale: Scale): { value: number; text: string }[] {
  const say = scale.say ?? figure;
  const values = scale.ticks ?? (scale.log ? logTicks(scale) : linearTicks(scale));
  const shown = values.filter((value) => value >= scale.from * (1 - 1e-9) && value <= scale.to * (1 + 1e-9));
  return shown.map((value) => ({ value, text: say(value) }));
}

const STEPS = [1, 2, 5, 10];
const WANTED_TICKS = 5;

function linearTicks({ from, to }: Scale): number[] {
  const rough = (to - from) / WANTED_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function logTicks({ from, to }: Scale): number[] {
  const decades = Math.log10(to / from);
  const parts = decades > 4 ? [1] : decades > 2 ? [1, 3] : decades > 0.8 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
  const first = Math.floor(Math.log10(from));
  return Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => 10 ** (first + i)).flatMap((power) =>
    parts.map((part) => Number((part * power).toPrecision(12))),
  );
}

/** A linear axis from zero that holds all values; null without any above zero. */
export function fromZero(values: readonly number[], title: string): Scale | null {
  const most = highest(values);
  return most > 0 ? { from: 0, to: most * 1.08, log: false, title } : null;
}

/** A logarithmic axis that holds all values above zero; null without any. */
export function logarithmic(values: readonly number[], title: string): Scale | null {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return null;
  const low = positive.reduce((a, b) => Math.min(a, b));
  const high = highest(positive);
  const room = Math.max(1.15, (high / low) ** 0.06);
  return { from: low / room, to: high * room, log: true, title };
}

/** Not by spreading: a session can have a million windows. */
function highest(values: readonly number[]): number {
  return values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, value) : most), 0);
}
