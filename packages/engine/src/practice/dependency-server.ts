import { createServer, type AddressInfo, type Socket } from 'node:net';
import { cannotListen } from './listening.js';

/** A service that the practice target calls: it sends each line back. */
export interface DependencyServer {
  /** `host:port`. */
  address: string;
  close(): Promise<void>;
}

/** A line longer than this is not the practice target's. */
const LONGEST_LINE = 64 * 1024;

/**
 * Starts a TCP server that answers every line with the same line, `delayMs` later.
 * @throws HiveError `port_taken`.
 */
export async function startDependency(options: {
  host: string;
  port: number;
  delayMs: number;
}): Promise<DependencyServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.setEncoding('latin1');
    let rest = '';
    socket.on('data', (text: string) => {
      const end = text.lastIndexOf('\n') + 1;
      const lines = end > 0 ? rest + text.slice(0, end) : '';
      rest = end > 0 ? text.slice(end) : rest + text;
      if (rest.length > LONGEST_LINE) socket.destroy();
      else if (lines !== '') later(() => socket.writable && socket.write(lines, 'latin1'));
    });
  });
  const later = (act: () => void): void => {
    if (options.delayMs > 0) setTimeout(act, options.delayMs);
    else act();
  };
  const { host, port } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, { host, port })));
    server.listen({ host, port }, resolve);
  });
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
