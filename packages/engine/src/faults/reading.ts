import { connect, Socket, type OnReadOpts } from 'node:net';
import type { Endpoint } from './endpoints.js';

/** Both sides of a connection. */
export const SOCKET_OPTIONS = { allowHalfOpen: true, noDelay: true };

/** Enough for most messages; a connection that fills it gets the larger one. */
const SMALL_BYTES = 16 * 1024;
const LARGE_BYTES = 64 * 1024;

/**
 * Reads into one buffer again and again, so that a chunk of 'data' holds only until the next: who needs it longer copies it or
 * pauses the socket. Node gives each read memory of its own, which is never warm and costs as much as passing the bytes on.
 */
function rereading(socket: () => Socket): OnReadOpts {
  let buffer = Buffer.allocUnsafeSlow(SMALL_BYTES);
  return {
    buffer: () => buffer,
    callback(count) {
      const chunk = buffer.subarray(0, count);
      if (count === SMALL_BYTES && count === buffer.length) buffer = Buffer.allocUnsafeSlow(LARGE_BYTES);
      socket().emit('data', chunk);
      return true;
    },
  };
}

/** Begins to connect. The socket's chunks of 'data' hold only until the next. */
export function connectTo({ host, port }: Endpoint): Socket {
  const socket: Socket = connect({ host, port, ...SOCKET_OPTIONS, onread: rereading(() => socket) });
  return socket;
}

/** A socket's inside, as far as it is needed here. */
interface Opened {
  _handle?: { useUserBuffer?: unknown } | null;
}

/**
 * Takes over a connection that a server accepted, paused; its chunks of 'data' hold only until the next. A server has no `onread`, so the
 * connection goes to a socket of our own. Node does not document how: where it is done otherwise, the accepted socket stays as it is.
 */
export function takeOver(accepted: Socket): Socket {
  const opened = accepted as unknown as Opened;
  const handle = opened._handle;
  if (typeof handle?.useUserBuffer !== 'function') return accepted;
  opened._handle = null;
  const options = { ...SOCKET_OPTIONS, handle, onread: rereading(() => socket) };
  const socket: Socket = new Socket(options).pause();
  // It has nothing left to close; the server no longer counts it.
  accepted.destroy();
  return socket;
}
