import { figure } from '@hive/contract';

export { duration, percent } from '@hive/contract';

/** `1.2 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = count > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(count) / 3)) : 0;
  return `${figure(count / 1_000 ** power)} ${units[power]}`;
}

/** Pads to a column; `right` aligns numbers. Wide text is kept whole. */
export function column(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  return side === 'left' ? text.padEnd(width) : text.padStart(width);
}
