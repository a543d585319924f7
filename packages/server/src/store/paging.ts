import { HiveError } from '@hive/contract';
import { sql, type AnyColumn, type SQL } from 'drizzle-orm';
import { countFitting } from '../answer-size.js';
import type { Page } from './store.js';

/** A place between two rows of a list ordered by time, then id: stable also where times are equal. */
interface Cursor {
  at: Date;
  id: string;
}

/** The condition "after this row" of a list that runs from new to old. @throws HiveError `validation` when `after` is no cursor. */
export function olderThan(after: string | undefined, time: AnyColumn, id: AnyColumn): SQL | undefined {
  if (after === undefined) return undefined;
  const cursor = decode(after);
  return sql`(${time}, ${id}) < (${cursor.at.toISOString()}::timestamptz, ${cursor.id})`;
}

/** Cuts rows that were read with a limit of `limit` + 1 into a page: as many as one answer holds. */
export async function toPage<Row, Shown>(
  rows: Row[],
  limit: number,
  shape: { place: (row: Row) => Cursor; show: (row: Row) => Shown },
): Promise<Page<Shown>> {
  const shown = rows.slice(0, limit).map(shape.show);
  const count = await countFitting(shown);
  const last = rows[count - 1];
  return {
    rows: shown.slice(0, count),
    next: rows.length > count && last !== undefined ? encode(shape.place(last)) : null,
  };
}

/** Parses an ISO 8601 time of a filter. @throws HiveError `validation` naming the field. */
export function instantOf(field: string, text: string): Date {
  const date = new Date(text);
  if (!isStorable(date)) {
    throw new HiveError('validation', `${field}: '${text}' is not a time`, {
      hint: 'write an ISO 8601 time such as 2026-01-31T12:00:00Z',
    });
  }
  return date;
}

/** Whether the database has this time: its years are written with four digits, from 0001 on. */
function isStorable(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9_999;
}

/** A pattern for ILIKE that finds `text` anywhere, its wildcards taken literally. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
}

function encode({ at, id }: Cursor): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');
}

function decode(after: string): Cursor {
  const match = /^(\S+Z) (.+)$/su.exec(Buffer.from(after, 'base64url').toString());
  const at = new Date(match?.[1] ?? Number.NaN);
  if (!match?.[2] || match[2].includes('\0') || !isStorable(at)) {
    throw new HiveError('validation', `after: '${after}' is not a page position`, {
      hint: 'pass the `next` of the previous page, unchanged',
    });
  }
  return { at, id: match[2] };
}
