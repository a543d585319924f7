/** Numbers as text, the same on server and in browser: the locale is fixed. */

const THREE_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const NONE = '–';

type Maybe = number | null | undefined;

/** A value and its unit. */
export interface Quantity {
  value: string;
  unit: string;
}

/** A measured value, to three significant digits; a dash for null. */
export function figure(value: Maybe): string {
  return isNumber(value) ? THREE_DIGITS.format(value) : NONE;
}

/** How many there are, to the last one. */
export function count(value: Maybe): string {
  return isNumber(value) ? WHOLE.format(value) : NONE;
}

/** A value in the unit that reads best: `1.05 MB` for 1,050,000 bytes, `12 s` for 12,000 ms, `5 %` for a share of 0.05. */
export function quantity(value: Maybe, unit: string): Quantity {
  if (!isNumber(value)) return { value: NONE, unit: '' };
  const scale = scaleOf(value, unit);
  return { value: figure(value * scale.factor), unit: scale.unit };
}

/** From low to high, in the unit that reads best: `377–437`. */
export function interval(low: number, high: number, unit: string): Quantity {
  const scale = scaleOf(high, unit);
  return { value: `${figure(low * scale.factor)}–${figure(high * scale.factor)}`, unit: scale.unit };
}

/** Value and unit as one text. */
export function say({ value, unit }: Quantity): string {
  return unit === '' ? value : `${value} ${unit}`;
}

/** A share 0–1 as percent. 100 % only when it is all of it. */
export function percent(share: Maybe): string {
  if (!isNumber(share)) return NONE;
  const value = share * 100;
  return value > 99.9 && value < 100 ? '>99.9 %' : `${figure(value)} %`;
}

/** Seconds as `45 s`, `1:30 min` or `2:05 h`. */
export function duration(seconds: Maybe): string {
  if (!isNumber(seconds)) return NONE;
  const whole = Math.round(seconds);
  const two = (part: number): string => String(part).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3_600)}:${two(Math.floor((whole % 3_600) / 60))} h`;
}

/** `1 run`, `7 runs`. */
export function plural(number: number, one: string): string {
  return `${count(number)} ${one}${number === 1 ? '' : 's'}`;
}

/** The same, beginning with a capital. */
export function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function scaleOf(value: number, unit: string): { factor: number; unit: string } {
  if (unit === 'share') return { factor: 100, unit: '%' };
  if (unit === 'ms' && value >= 10_000) return { factor: 1e-3, unit: 's' };
  if (unit === 'bytes' && value >= 1e6) return { factor: 1e-6, unit: 'MB' };
  if (unit === 'bytes' && value >= 1e3) return { factor: 1e-3, unit: 'kB' };
  return { factor: 1, unit };
}

function isNumber(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}
