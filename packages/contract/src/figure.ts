/**
 * A count or a rate as people read it: three significant digits below 100, whole above, with thousands separated.
 * Not by `toLocaleString`: its first call costs a process some 30 ms.
 */
export function figure(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return String(rounded).replace(/^-?\d{4,}/, (whole) => whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ','));
}

/** A measured or learned value: at most three significant digits, since more would claim a precision that it does not have. */
export function rounded(value: number): string {
  return figure(Number(value.toPrecision(3)));
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A value with its unit: `412 requests/s`, `35 %` for a share, `1.5 MiB` for bytes. Connections and keys stay whole. */
export function amount(value: number, unit: string): string {
  const [scale, shown] = scaleOf(value, unit);
  return `${digits(value / scale, unit)}${shown}`;
}

/** An interval with its unit: `377–437 requests/s`. */
export function amounts(low: number, high: number, unit: string): string {
  const [scale, shown] = scaleOf(high, unit);
  return `${digits(low / scale, unit)}–${digits(high / scale, unit)}${shown}`;
}

/** What a value is divided by, and the unit after it. */
function scaleOf(value: number, unit: string): [scale: number, shown: string] {
  if (unit === 'share') return [0.01, ' %'];
  if (unit !== 'bytes') return [1, ` ${unit}`];
  const power = value < 1_024 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(value) / 10));
  return [1_024 ** power, ` ${BYTE_UNITS[power]}`];
}

function digits(value: number, unit: string): string {
  return unit === 'connections' || unit === 'keys' ? figure(value) : rounded(value);
}

/** Milliseconds with a unit that suits them: `850 µs`, `20.4 ms`, `3.2 s`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 1) return `${figure(ms * 1_000)} µs`;
  return ms < 10_000 ? `${figure(ms)} ms` : `${figure(ms / 1_000)} s`;
}

/** A share as `0.4 %`. */
export function percent(share: number): string {
  return `${figure(share * 100)} %`;
}

/** What was observed of one clause of the objectives, with its unit: of any class, to the first byte or to the end. */
export function observedText(expression: string, observed: number | null): string {
  if (observed === null) return 'not measured';
  switch (/^\s*(?:[\w.-]+\s*:\s*)?(rate|throughput|count)\b/.exec(expression)?.[1]) {
    case 'rate':
      return percent(observed);
    case 'throughput':
      return `${rounded(observed)} requests/s`;
    case 'count':
      return `${figure(observed)} good answers`;
    default:
      return duration(observed);
  }
}
