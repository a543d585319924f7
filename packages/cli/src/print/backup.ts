import { amount } from '@hive/contract';

/** What a backup holds, in words. */
export function sayRows({ rows, bytes }: { rows: Record<string, number>; bytes: number }): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return `${total.toLocaleString('en-US')} ${total === 1 ? 'row' : 'rows'} (${amount(bytes, 'bytes')})`;
}
