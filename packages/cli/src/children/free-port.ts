import { createServer, type AddressInfo } from 'node:net';
import { HiveError } from '@hive/contract';

/**
 * Makes sure that a port can be taken, or finds a free one for 0.
 * @throws HiveError `port_taken` naming the port, `validation` for a host that is not of this machine.
 */
export async function claimPort(port: number, host: string, option: string): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      const message = taken
        ? `port ${port} on ${host} is ${error.code === 'EACCES' ? 'not allowed for this user' : 'taken'}`
        : `cannot listen on ${host}:${port} (${error.code ?? error.message})`;
      const hint = `choose another with ${taken ? option : '--host'}${taken ? `, or stop the process that uses it` : ''}`;
      reject(new HiveError(taken ? 'port_taken' : 'validation', message, { hint, cause: error }));
    });
    probe.listen({ port, host }, () => {
      const free = (probe.address() as AddressInfo).port;
      probe.close(() => resolve(free));
    });
  });
}
