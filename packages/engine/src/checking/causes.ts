import type { RequestClass } from '@hive/contract';
import type { Answer } from './ask.js';

/** What stands in the way of a measurement, in words, and how to fix it. */
export interface Cause {
  problem: string;
  hint: string;
  /** Nothing can be measured while it is so; else it is worth a warning. */
  fatal: boolean;
}

const CERTIFICATE_HINT =
  'if you trust it, accept it with --insecure (insecure: true in hive.yaml), or add its issuer to NODE_EXTRA_CA_CERTS';
const RUNS_HINT = 'check that the service runs and that the address and the port are right';

/** By the codes of Node.js and OpenSSL. */
const FAILURES: Readonly<Record<string, { problem: string; hint: string }>> = {
  ECONNREFUSED: { problem: 'the connection was refused: nothing listens there', hint: RUNS_HINT },
  ENOENT: { problem: 'there is no such socket', hint: RUNS_HINT },
  EACCES: { problem: 'this user may not open the socket', hint: 'run Hive as a user who may, or change its mode' },
  EHOSTUNREACH: { problem: 'there is no route to the host', hint: RUNS_HINT },
  ENETUNREACH: { problem: 'there is no route to the network', hint: RUNS_HINT },
  ETIMEDOUT: { problem: 'the connection timed out', hint: RUNS_HINT },
  ECONNRESET: { problem: 'the connection was closed before an answer came', hint: RUNS_HINT },
  EPIPE: { problem: 'the connection was closed before an answer came', hint: RUNS_HINT },
  SPEAKS_TLS: { problem: 'it speaks TLS, and was asked in plain HTTP', hint: 'write https:// instead of http://' },
  EPROTO: { problem: 'it speaks plain HTTP, or no TLS that fits', hint: 'write http:// instead of https://' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { problem: 'its certificate is self-signed', hint: CERTIFICATE_HINT },
  SELF_SIGNED_CERT_IN_CHAIN: { problem: 'its certificate has a self-signed issuer', hint: CERTIFICATE_HINT },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { problem: 'the issuer of its certificate is unknown', hint: CERTIFICATE_HINT },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { problem: 'the issuer of its certificate is unknown', hint: CERTIFICATE_HINT },
  CERT_HAS_EXPIRED: { problem: 'its certificate has expired', hint: 'renew it, or accept it with --insecure' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    problem: 'its certificate is for another name',
    hint: 'name the host as the certificate does, or accept it with --insecure',
  },
};

const STATUS_HINTS: Readonly<Record<number, string>> = {
  401: "send credentials, such as -H 'Authorization: Bearer …'",
  403: "send credentials that may read it, such as -H 'Authorization: Bearer …', or name another path",
  404: 'name a path that exists, such as http://host:port/path',
};

/** What stands in the way of measuring with this request; null: nothing. */
export function causeOf(answer: Answer, { expect }: Pick<RequestClass, 'expect'>, waitedMs: number): Cause | null {
  const seconds = `${Math.round(waitedMs / 100) / 10} s`;
  if (answer.type === 'late') {
    return answer.connected
      ? { problem: `connected, but no answer within ${seconds}`, hint: 'it may be slow, or hang', fatal: false }
      : { problem: `no connection within ${seconds}`, hint: RUNS_HINT, fatal: true };
  }
  if (answer.type === 'failed') {
    const known = FAILURES[answer.code];
    if (known) return { ...known, fatal: true };
    const isTls =
      answer.code.startsWith('ERR_SSL') || answer.code.startsWith('ERR_TLS') || answer.code.includes('CERT');
    const hint = isTls ? CERTIFICATE_HINT : 'check that an HTTP/1.1 service listens on this port';
    return { problem: `${answer.code}: ${answer.message}`, hint, fatal: true };
  }
  return causeOfStatus(answer, expect);
}

function causeOfStatus(
  { status, location }: Extract<Answer, { type: 'answered' }>,
  expect: RequestClass['expect'],
): Cause | null {
  if (expect?.includes(status)) return null;
  const hint = STATUS_HINTS[status];
  if (hint !== undefined) return { problem: `answers ${status}`, hint, fatal: true };
  if (expect !== undefined || status >= 400)
    return {
      problem: `answers ${status}`,
      hint: 'this counts as an error; see expect in docs/targets.md',
      fatal: false,
    };
  if (status >= 300 && location !== null)
    return {
      problem: `answers ${status} and points to ${location}`,
      hint: 'redirects are not followed: name that address to measure what is behind it',
      fatal: false,
    };
  return null;
}
