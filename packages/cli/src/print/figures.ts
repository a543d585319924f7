import { figure } from '@hive/contract';

/** Milliseconds with a unit that suits them: `850 µs`, `20.4 ms`, `3.2 s`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 1) return `${figure(ms * 1_000)} µs`;
  return ms < 10_000 ? `${figure(ms)} ms` : `${figure(ms / 1_000)} s`;
}

/** `1.2 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = count > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(count) / 3)) : 0;
  return `${figure(count / 1_000 ** power)} ${units[power]}`;
}

/** `0.4 %`. */
export function percent(share: number): string {
  return `${figure(share * 100)} %`;
}

/** Pads to a column; `right` aligns numbers. Wide text is kept whole. */
export function column(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  return side === 'left' ? text.padEnd(width) : text.padStart(width);
}
