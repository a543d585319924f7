import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export interface Listening {
  url: string;
  /** What it was asked, in the order of coming, also what is not read to its end. */
  seen: IncomingMessage[];
  server: Server;
}

/** Servers that live as long as a test. */
export function listening() {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  return {
    /** A server that remembers what it was asked and answers after `delayMs`. */
    async serve(
      delayMs = 0,
      { host = '127.0.0.1', backlog }: { host?: string; backlog?: number } = {},
    ): Promise<Listening> {
      const seen: IncomingMessage[] = [];
      const server = createServer((request, response) => {
        seen.push(request);
        request.resume();
        if (delayMs === 0) response.end('ok');
        else setTimeout(() => response.end('ok'), delayMs);
      });
      server.keepAliveTimeout = 0;
      servers.push(server);
      await new Promise<void>((resolve) => server.listen({ port: 0, host, backlog }, resolve));
      const { port } = server.address() as AddressInfo;
      return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, seen, server };
    },
  };
}
