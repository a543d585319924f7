import { HiveError } from '@hive/contract';
import { z } from 'zod';

/** A backup is lines of JSON, compressed with gzip: a head; for each table its columns and then its rows, each an array; an end. */
export const FORMAT = 1;

/** Values of one row as text, in the order of the table's columns. */
export type BackupRow = (string | null)[];

export const headSchema = z.strictObject({
  hiveBackup: z.int(),
  /** The newest migration of the database that it is of. */
  schema: z.number(),
  at: z.iso.datetime(),
  /** Whether it holds headers that may be secret. */
  secrets: z.boolean(),
});
export const tableSchema = z.strictObject({ table: z.string(), columns: z.array(z.string()) });
export const endSchema = z.strictObject({ end: z.literal(true), rows: z.record(z.string(), z.int()) });

/** What a backup holds: rows by table. */
export type BackedRows = Record<string, number>;

/** That a file cannot be restored, and why. */
export function brokenBackup(reason: string): HiveError {
  return new HiveError('validation', `the backup cannot be restored: ${reason}`, {
    hint: 'name a file that `hive backup` wrote, or make the backup again',
  });
}
