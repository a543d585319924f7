import { HiveError, type ErrorCode } from '@hive/contract';

/** Why the API shows nothing, as plain data. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  hint: string | null;
  /** People sign in, with accounts of their own. */
  signIn: boolean;
}

/** What an error says, as plain data. */
export function refusalOf({ code, message, hint, details }: HiveError): Refusal {
  return { code, message, hint: hint ?? null, signIn: details?.['mode'] === 'users' };
}

/** Whether the API answered, and lets this caller see nothing. */
export function isClosed(error: unknown): error is HiveError {
  return error instanceof HiveError && (error.status === 401 || error.status === 403);
}
