import { z } from 'zod';
// Whoever checks with a schema reports by an error.
import './issue-words.js';

interface ErrorEntry {
  /** HTTP status of the answer. */
  status: number;
  /** Exit code of the command line. */
  exit: number;
  /** What to do about it, unless the place that throws knows better. */
  hint?: string;
}

/** Every error Hive can show: one stable code, one HTTP status, one exit code. */
export const ERRORS = {
  validation: { status: 400, exit: 104 },
  no_target: {
    status: 400,
    exit: 104,
    hint: 'add one with POST /api/targets, or start the practice target with `hive up --demo`',
  },
  unauthorized: { status: 401, exit: 104, hint: 'send the header Authorization: Bearer <HIVE_TOKEN>' },
  forbidden: { status: 403, exit: 104, hint: 'ask an administrator of this Hive for a role that has it' },
  forbidden_origin: { status: 403, exit: 104, hint: 'add the origin to HIVE_CORS_ORIGINS' },
  forbidden_host: {
    status: 403,
    exit: 104,
    hint: 'use localhost, its address, or a name listed in HIVE_ALLOW_HOSTS',
  },
  refused_by_safety: { status: 403, exit: 92 },
  not_found: { status: 404, exit: 104 },
  conflict: { status: 409, exit: 104 },
  busy: {
    status: 409,
    exit: 104,
    hint: 'wait for the running session to end, or stop it with POST /api/training/stop',
  },
  payload_too_large: { status: 413, exit: 104 },
  too_many_requests: { status: 429, exit: 1 },
  invalid_measurement: { status: 422, exit: 90 },
  port_taken: { status: 500, exit: 106 },
  data_directory: { status: 500, exit: 106 },
  database_unreachable: { status: 503, exit: 106 },
  database_newer: { status: 503, exit: 106 },
  bus_unreachable: { status: 503, exit: 106 },
  fleet_unreachable: {
    status: 503,
    exit: 106,
    hint: 'start nats-server with the nats.conf of this fleet, and set NATS_URL to its address',
  },
  provider_unreachable: { status: 502, exit: 106 },
  target_unreachable: { status: 502, exit: 106 },
  aborted: { status: 499, exit: 105 },
  internal: { status: 500, exit: 1 },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** Exit codes that are outcomes rather than errors. */
export const EXIT = {
  passed: 0,
  unexpected: 1,
  invalid: 90,
  regression: 91,
  refused: 92,
  undecided: 93,
  objectiveFailed: 99,
  configuration: 104,
  aborted: 105,
  cannotStart: 106,
} as const;

export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
/** The body of every error answer. */
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** The one error class of Hive: a stable code, a message that names the cause and a hint that says how to fix it. */
export class HiveError extends Error {
  override readonly name = 'HiveError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    const entry: ErrorEntry = ERRORS[code];
    this.hint = more.hint ?? entry.hint;
    this.details = more.details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }

  toBody(): ErrorBody {
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(this.hint === undefined ? {} : { hint: this.hint }),
        ...(this.details === undefined ? {} : { details: this.details }),
      },
    };
  }
}

/** Converts anything thrown to a HiveError, once, at the edge. What is unknown becomes `internal` with its message kept. */
export function toHiveError(error: unknown): HiveError {
  if (error instanceof HiveError) return error;
  return new HiveError('internal', textOf(error) || 'an unexpected error occurred', { cause: error });
}

/** Empty where what was thrown has no text, such as an object without a prototype. */
function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return '';
  }
}
