import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface TestServer {
  address: string;
  port: number;
  sockets: Set<Socket>;
  close(): Promise<void>;
}

/** A TCP server on a free loopback port that hands each connection to `serve`. */
export async function startServer(serve: (socket: Socket) => void): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    port,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Answers with what it is sent. */
export function startEcho(): Promise<TestServer> {
  return startServer((socket) => socket.pipe(socket));
}

/** A connected client; `address` is host:port. */
export async function dial(address: string): Promise<Socket> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
}

/** Reads at least `bytes`, then stops; fewer when the stream ends. */
export function take(socket: Socket, bytes: number): Promise<Buffer> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let count = 0;
    const finish = (): void => {
      socket.off('data', onData).off('end', finish).off('close', finish);
      done(Buffer.concat(chunks));
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      count += chunk.length;
      if (count >= bytes) finish();
    };
    socket.on('data', onData).on('end', finish).on('close', finish);
    socket.resume();
  });
}

/** How the connection ended for this socket: with a FIN, or with an error such as ECONNRESET. */
export function ending(socket: Socket): Promise<string> {
  return new Promise((done) => {
    socket.resume();
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.once('end', () => done('end'));
    socket.once('close', () => done('close'));
  });
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
