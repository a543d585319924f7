import { HiveError } from '@hive/contract';

/** What went wrong when a server of the practice target was to listen, in words. */
export function cannotListen(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): HiveError {
  if (error.code === 'EADDRINUSE') {
    return new HiveError('port_taken', `port ${port} on ${host} is taken`, {
      hint: 'choose another with --port, or 0 for a free one',
      cause: error,
    });
  }
  const message = `the practice target cannot listen on ${host}:${port} (${error.code ?? error.message})`;
  return new HiveError(error.code === 'EACCES' ? 'port_taken' : 'validation', message, {
    hint: 'choose a host of this machine and a port above 1023',
    cause: error,
  });
}
