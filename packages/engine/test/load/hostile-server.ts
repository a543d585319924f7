import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { CERTIFICATE, KEY } from './certificate.js';

export interface Hostile {
  port: number;
  close(): Promise<void>;
}

/** What a server does with a connection; `request` runs for every read that ends a request's header. */
export interface Behavior {
  connection?(socket: Socket): unknown;
  request?(socket: Socket, number: number): unknown;
  /** It speaks TLS, with a certificate of its own making. */
  tls?: boolean;
}

/** Starts a server on a free port of 127.0.0.1 that misbehaves as told. */
export async function startHostile({ connection, request, tls }: Behavior): Promise<Hostile> {
  const sockets = new Set<Socket>();
  let number = 0;
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    connection?.(socket);
    if (!request) return;
    socket.on('data', (bytes) => {
      if (bytes.includes('\r\n\r\n')) request(socket, ++number);
    });
  };
  const server: Server = tls ? createTlsServer({ cert: CERTIFICATE, key: KEY }, serve) : createServer(serve);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
