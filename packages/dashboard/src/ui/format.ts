/** Numbers as text, the same on server and in browser: the locale is fixed. */

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const NONE = '–';

/** Three significant digits below 100, whole and grouped above; a dash for null. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return GROUPED.format(value);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A latency in ms with the unit that reads best. */
export function latency(ms: number | null | undefined): { value: string; unit: string } {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return { value: NONE, unit: '' };
  return ms >= 10_000 ? { value: figure(ms / 1_000), unit: 's' } : { value: figure(ms), unit: 'ms' };
}

/** A share 0–1 as percent. 100 % only when it is all of it. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return NONE;
  const value = share * 100;
  if (value > 99.9 && value < 100) return '>99.9 %';
  return `${value === 0 || value === 100 ? value.toFixed(0) : value.toFixed(1)} %`;
}

/** Seconds as `45 s`, `1:30 min` or `2:05 h`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NONE;
  const whole = Math.round(seconds);
  const two = (part: number): string => String(part).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3_600)}:${two(Math.floor((whole % 3_600) / 60))} h`;
}
