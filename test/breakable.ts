import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a service, whose way can be broken. */
export interface Breakable {
  /** The service's URL, through the proxy. */
  url: string;
  /** `refuse`: connections break, and new ones are refused. `blackhole`: they stay open, and nothing comes through any more. */
  break(how: 'refuse' | 'blackhole'): Promise<void>;
  /** The way is free again. What was swallowed stays lost, as its connection does. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Stands between a client and the service at `url`. */
export async function breakable(url: string): Promise<Breakable> {
  const upstream = new URL(url);
  const open = new Map<Socket, Socket>();
  let swallows = false;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const service = connect(Number(upstream.port), upstream.hostname);
    open.set(client, service);
    const end = (): void => {
      open.delete(client);
      client.destroy();
      service.destroy();
    };
    for (const [from, to] of [
      [client, service],
      [service, client],
    ] as const) {
      from.on('data', (bytes) => void (swallows || to.write(bytes)));
      from.on('error', end);
      from.on('close', () => {
        if (!swallows) end();
      });
    }
    client.resume();
  });
  const listening = (port: number): Promise<void> =>
    new Promise((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
  const cut = (): void => {
    for (const [client, service] of open) {
      client.destroy();
      service.destroy();
    }
    open.clear();
  };
  await listening(0);
  const { port } = server.address() as { port: number };
  const through = new URL(url);
  through.host = `127.0.0.1:${port}`;
  const stopListening = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      cut();
    });
  return {
    url: through.href,
    async break(how) {
      if (how === 'blackhole') swallows = true;
      else await stopListening();
    },
    async restore() {
      if (swallows) {
        cut();
        swallows = false;
      } else await listening(port);
    },
    async close() {
      if (server.listening) await stopListening();
    },
  };
}
