import { isIPv6 } from 'node:net';
import { HiveError } from '@hive/contract';
import type { FastifyInstance } from 'fastify';

interface Address {
  host: string;
  port: number;
}

/** Begins to listen, and says where; port 0 is any that is free. @throws HiveError `port_taken`, `validation`. */
export async function listen(app: FastifyInstance, { host, port }: Address): Promise<Address> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, port);
  }
  const address = app.server.address();
  return { host, port: typeof address === 'object' && address !== null ? address.port : port };
}

/** The address to call: a wildcard is none. */
export function urlOf({ host, port }: Address): string {
  const callable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${isIPv6(callable) ? `[${callable}]` : callable}:${port}`;
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  if (error.code === 'EADDRINUSE') {
    return new HiveError('port_taken', `port ${port} on ${host} is taken by another process`, {
      hint: 'stop that process, or choose another port with --port or HIVE_PORT',
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new HiveError('port_taken', `this user has no permission to use port ${port}`, {
      hint: 'choose a port of 1024 or above with --port or HIVE_PORT',
      cause: error,
    });
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new HiveError('validation', `${host} is not an address of this machine`, {
      hint: 'set HIVE_HOST to 127.0.0.1 or an address of this machine',
      cause: error,
    });
  }
  return error;
}
