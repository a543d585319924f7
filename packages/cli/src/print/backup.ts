const MIB = 1024 * 1024;

/** What a backup holds, in words. */
export function sayRows({ rows, bytes }: { rows: Record<string, number>; bytes: number }): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const count = total.toLocaleString('en-US');
  return `${count} ${total === 1 ? 'row' : 'rows'} (${(bytes / MIB).toFixed(1)} MiB)`;
}
