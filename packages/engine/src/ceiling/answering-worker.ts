import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { parentPort } from 'node:worker_threads';
import { LOOPBACK_CERTIFICATE } from './loopback-certificate.js';

// The other side of the doctor: it answers as cheaply as Node can, so that the sending side is what is measured.

if (!parentPort) throw new Error('answering-worker.ts runs in a worker thread only');

const SMALL = answer('keep-alive', 'abcdefghijklmnopqrstuvwxyz');
const LARGE = answer('keep-alive', 'x'.repeat(64 * 1_024));
const CLOSING = answer('close', 'abcdefghijklmnopqrstuvwxyz');

function answer(connection: string, body: string): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\nconnection: ${connection}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
}

/** One request is never split nor joined with another: the sender waits for each answer, and its requests are small. */
function serve(socket: Socket, bytes: Buffer, last: boolean): void {
  socket.setNoDelay(true);
  socket.on('data', () => {
    if (last) socket.end(bytes);
    else socket.write(bytes);
  });
  socket.on('error', () => socket.destroy());
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, resolve));
  return (server.address() as AddressInfo).port;
}

const [plain, tls, body, connections] = await Promise.all([
  listen(createServer((socket) => serve(socket, SMALL, false))),
  listen(createTlsServer({ ...LOOPBACK_CERTIFICATE }, (socket) => serve(socket, SMALL, false))),
  listen(createServer((socket) => serve(socket, LARGE, false))),
  listen(createServer((socket) => serve(socket, CLOSING, true))),
]);
parentPort.postMessage({ plain, tls, body, connections }, []);
