import type { ErrorKind, RequestClass } from '@hive/contract';
import { otherProtocol } from '../http1/one-request.js';
import type { TickExample } from '../measuring.js';
import type { Mask } from '../safety/mask.js';
import type { Answer } from './ask.js';
import { failureInWords, RUNS_HINT } from './failures.js';

/** What stands in the way of a measurement, in words, and how to fix it. */
export interface Cause {
  problem: string;
  hint: string;
  /** Nothing can be measured while it is so; else it is worth a warning. */
  fatal: boolean;
  /** It was answered, and the answer counts as an error. */
  isError?: boolean;
}

const CHECK_HINT = 'this counts as an error; see check in docs/targets.md';
const STATUS_HINTS: Readonly<Record<number, string>> = {
  401: "send credentials, such as -u USER:PASSWORD or -H 'Authorization: Bearer …'",
  403: "send credentials that may read it, such as -H 'Authorization: Bearer …', or name another path",
  404: 'name a path that exists, such as http://host:port/path',
};

/** What stands in the way of measuring with a request; null: nothing. What came from the target is masked. */
export function causeOf(
  answer: Answer,
  asked: Pick<RequestClass, 'expect'> & { waitedMs: number; mask: Mask },
): Cause | null {
  const cause = plainCauseOf(answer, asked);
  return cause && { ...cause, problem: asked.mask(cause.problem) };
}

function plainCauseOf(
  answer: Answer,
  { expect, waitedMs }: Pick<RequestClass, 'expect'> & { waitedMs: number },
): Cause | null {
  const seconds = `${Math.round(waitedMs / 100) / 10} s`;
  if (answer.type === 'late') {
    return answer.connected
      ? { problem: `connected, but no answer within ${seconds}`, hint: 'it may be slow, or hang', fatal: false }
      : { problem: `no connection within ${seconds}`, hint: RUNS_HINT, fatal: true };
  }
  if (answer.type === 'failed') return { ...failureInWords(answer.code, answer.message), fatal: true };
  return causeOfStatus(answer, expect);
}

function causeOfStatus(
  { status, location, wrongBody }: Extract<Answer, { type: 'answered' }>,
  expect: RequestClass['expect'],
): Cause | null {
  if (expect === undefined ? status < 300 : expect.includes(status))
    return wrongBody === undefined
      ? null
      : { problem: `answers ${status}, and ${wrongBody}`, hint: CHECK_HINT, fatal: false, isError: true };
  const hint = STATUS_HINTS[status];
  if (hint !== undefined) return { problem: `answers ${status}`, hint, fatal: true, isError: true };
  if (expect !== undefined || status >= 400)
    return {
      problem: `answers ${status}`,
      hint: 'this counts as an error; see expect in docs/targets.md',
      fatal: false,
      isError: true,
    };
  if (status >= 300 && location !== null)
    return {
      problem: `answers ${status} and points to ${location}`,
      hint: 'redirects are not followed: name that address to measure what is behind it',
      fatal: false,
    };
  return null;
}

/** Of a status that every request is answered with, whatever the load; null: load may be the cause. */
const UNDER_LOAD: ReadonlySet<number> = new Set([408, 425, 429]);

/** One way in which requests went wrong, in words, with what helps. What came from the target is to be masked by the caller. */
export function errorInWords(example: Pick<TickExample, 'kind' | 'code' | 'inWords' | 'came'>): {
  text: string;
  hint: string | null;
} {
  const { kind, code, inWords, came } = example;
  if (isOfStatus(kind)) return { text: `answers ${code}`, hint: STATUS_HINTS[Number(code)] ?? null };
  const known = KIND_TEXTS[kind];
  if (kind === 'wrong_body' && inWords !== null) return { text: inWords, hint: CHECK_HINT };
  if (known !== undefined) return { text: known, hint: null };
  const { problem, hint } = failureInWords(otherProtocol(came) ?? code, inWords);
  return { text: problem, hint };
}

/** Whether a way in which all requests go wrong says that the target cannot be measured as it is asked: no load makes certificates bad. */
export function isNoMatterOfLoad({ kind, code }: Pick<TickExample, 'kind' | 'code'>): boolean {
  if (isOfStatus(kind)) return kind === 'http_4xx' && !UNDER_LOAD.has(Number(code));
  return !kind.startsWith('local_') && kind !== 'timeout' && kind !== 'wrong_body';
}

const isOfStatus = (kind: ErrorKind): boolean =>
  kind === 'http_4xx' || kind === 'http_5xx' || kind === 'unexpected_status';

const KIND_TEXTS: Partial<Record<ErrorKind, string>> = {
  timeout: 'no answer came within the time-out',
  wrong_body: 'the body of the answer is not the one that was asked for',
  local_ports: 'this machine had no free port left',
  local_files: 'this machine allowed no more open files',
  local_memory: 'this machine had no memory left for a connection',
  local_dns: 'this machine could not resolve the name',
};
