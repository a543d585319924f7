import type { ErrorKind } from '@hive/contract';

const KINDS: Readonly<Record<string, ErrorKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  // Of a unix socket: it is not there, it may not be used, too many wait to be accepted.
  ENOENT: 'refused',
  EACCES: 'refused',
  EAGAIN: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'local_dns',
  EADDRNOTAVAIL: 'local_ports',
  EADDRINUSE: 'local_ports',
  EMFILE: 'local_files',
  ENFILE: 'local_files',
  ENOBUFS: 'local_memory',
  ENOMEM: 'local_memory',
};

/** Which kind of error a socket's error is. What is unknown to the system's codes comes from TLS or is a breach of protocol. */
export function errorKindOf(error: NodeJS.ErrnoException, phase: 'connect' | 'tls' | 'open'): ErrorKind {
  const kind = KINDS[error.code ?? ''];
  if (phase === 'tls') return kind?.startsWith('local_') ? kind : 'tls';
  if (kind !== undefined) return kind;
  return error.code?.startsWith('ERR_SSL') ? 'tls' : 'protocol';
}

/** True for what this machine lacks, and the target is not to blame for. */
export function isLocal(kind: ErrorKind): boolean {
  return kind.startsWith('local_');
}

/** The kind of error that an unacceptable status is. */
export function statusErrorOf(status: number): ErrorKind {
  if (status >= 500 && status <= 599) return 'http_5xx';
  return status >= 400 && status <= 499 ? 'http_4xx' : 'unexpected_status';
}
