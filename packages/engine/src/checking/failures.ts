const CERTIFICATE_HINT =
  'if you trust it, accept it with -k (--insecure; insecure: true in hive.yaml), or name its issuer with --cacert (tls.ca)';
export const RUNS_HINT = 'check that the service runs and that the address and the port are right';

const HTTP2_ONLY = {
  problem: 'it speaks HTTP/2 only',
  hint: 'Hive speaks HTTP/1.1: name a port that does, or put a proxy in front',
};
const PLAIN_HTTP = {
  problem: 'it speaks plain HTTP, and was asked over TLS',
  hint: 'write http:// instead of https://',
};
const OLD_TLS = {
  problem: 'it speaks only TLS versions older than 1.2',
  hint: 'allow TLS 1.2 or newer on the service',
};
const CLIENT_CERTIFICATE_HINT = 'give one with --cert and --key (tls.cert and tls.key in hive.yaml)';

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
  SPENT: {
    problem: 'the session has sent all that it may',
    hint: 'raise safety.maxRequests or safety.maxBadRequests of the target',
  },
  CLOSED: { problem: 'the connection was closed before an answer came', hint: RUNS_HINT },
  CLOSED_EARLY: {
    problem: 'the connection was closed in the middle of an answer',
    hint: 'look into the log of the service, or of what stands before it',
  },
  SPEAKS_HTTP2: HTTP2_ONLY,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: HTTP2_ONLY,
  SPEAKS_TLS: { problem: 'it speaks TLS, and was asked in plain HTTP', hint: 'write https:// instead of http://' },
  EPROTO: PLAIN_HTTP,
  ERR_SSL_WRONG_VERSION_NUMBER: PLAIN_HTTP,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: PLAIN_HTTP,
  ERR_SSL_HTTP_REQUEST: PLAIN_HTTP,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    problem: 'it wants a client certificate (mTLS)',
    hint: CLIENT_CERTIFICATE_HINT,
  },
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: {
    problem: 'it broke off the TLS handshake: it wants a client certificate (mTLS), or no common cipher was found',
    hint: CLIENT_CERTIFICATE_HINT,
  },
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OLD_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_TLS,
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: {
    problem: 'it knows no certificate for this host name',
    hint: 'name the host as the certificate does',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { problem: 'its certificate is self-signed', hint: CERTIFICATE_HINT },
  SELF_SIGNED_CERT_IN_CHAIN: { problem: 'its certificate has a self-signed issuer', hint: CERTIFICATE_HINT },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { problem: 'the issuer of its certificate is unknown', hint: CERTIFICATE_HINT },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { problem: 'the issuer of its certificate is unknown', hint: CERTIFICATE_HINT },
  CERT_HAS_EXPIRED: { problem: 'its certificate has expired', hint: 'renew it, or accept it with -k (--insecure)' },
  CERT_NOT_YET_VALID: {
    problem: 'its certificate is not valid yet',
    hint: 'check the clocks of both machines, or accept it with -k (--insecure)',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    problem: 'its certificate is for another name',
    hint: 'name the host as the certificate does, or accept it with -k (--insecure)',
  },
};

/** What stood in the way of an answer, by the code of Node.js, OpenSSL or Hive itself. */
export function failureInWords(code: string, message: string | null): { problem: string; hint: string } {
  const known = FAILURES[code];
  if (known) return known;
  // What is wrong with the form of an answer has no code but its words.
  if (code === 'MALFORMED' || code === message || code.includes(' '))
    return { problem: `its answer is not proper HTTP/1.1: ${message ?? code}`, hint: FORM_HINT };
  const isTls = code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.includes('CERT');
  const hint = isTls ? CERTIFICATE_HINT : 'check that an HTTP/1.1 service listens on this port';
  return { problem: message === null ? code : `${code}: ${message}`, hint };
}

const FORM_HINT = 'fix the service or what stands before it, or name a port that speaks HTTP/1.1';
