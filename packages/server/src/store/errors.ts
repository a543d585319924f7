import { HiveError } from '@hive/contract';

/** Codes of node's sockets and of PostgreSQL that mean: the database cannot serve. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNREACHABLE =
  /^(ECONN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOENT|EACCES|08|25006|28|3D|53|57|58|XX)/;
const UNREACHABLE_MESSAGE = /timeout|terminated|not queryable|closed|SSL|password must be/i;
const FOREIGN_KEY = '23503';
const UNIQUE = '23505';
const NUL_CHARACTER = ['22021', '22P05'];

/**
 * Turns what a driver threw into the one error class. The text of the query and its parameters, which may hold a target's
 * headers, stay out of the message.
 */
export function toStoreError(error: unknown, place: string): HiveError {
  if (error instanceof HiveError) return error;
  const cause = causeOf(error);
  const code = codeOf(cause);
  const message = oneLine(cause);
  if (code === FOREIGN_KEY)
    return new HiveError('not_found', `this refers to something that is not stored: ${detailOf(cause)}`);
  if (code === UNIQUE) return new HiveError('conflict', `already stored: ${detailOf(cause)}`);
  if (NUL_CHARACTER.includes(code)) {
    return new HiveError('validation', 'a string contains the character U+0000, which cannot be stored', {
      hint: 'remove it',
    });
  }
  if (UNREACHABLE.test(code) || (code === '' && UNREACHABLE_MESSAGE.test(message))) {
    return databaseUnreachable(place, message);
  }
  return new HiveError('internal', `the database refused the statement: ${message}`, { cause });
}

/** The database at `place` cannot serve; `reason` is the driver's own words. */
export function databaseUnreachable(place: string, reason: string): HiveError {
  return new HiveError('database_unreachable', `the database at ${place} cannot be used: ${reason}`, {
    hint: 'check DATABASE_URL and that PostgreSQL runs there, or unset it to use the embedded database',
  });
}

/** The message of anything thrown, on one line. Node's connect error over several addresses has an empty one of its own. */
export function oneLine(error: unknown): string {
  const first = error instanceof AggregateError && error.message === '' ? (error.errors[0] as unknown) : error;
  const message = first instanceof Error ? first.message : String(first);
  return message.replace(/\s+/g, ' ').trim();
}

/** Drizzle wraps the driver's error: the innermost one that has a code, or else the innermost. */
export function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && codeOf(cause) === '' && cause.cause !== undefined) cause = cause.cause;
  return cause;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function detailOf(error: unknown): string {
  const detail = error instanceof Error && 'detail' in error ? error.detail : undefined;
  return typeof detail === 'string' ? detail : oneLine(error);
}
