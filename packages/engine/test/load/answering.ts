import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as the server saw it. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  socket: Socket;
}

export interface Answering {
  url: string;
  port: number;
  /** In the order of their coming. */
  seen: Seen[];
  close(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1 that reads each request to its end, remembers it, and answers as told. */
export async function startAnswering(
  answer: (response: ServerResponse, seen: Seen, number: number) => unknown = (response) => response.end('ok'),
): Promise<Answering> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request;
      const one = { method, url, headers, socket, body: Buffer.concat(pieces) };
      seen.push(one);
      answer(response, one, seen.length);
    });
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
