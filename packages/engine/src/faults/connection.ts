import type { Socket } from 'node:net';
import { Link } from './link.js';
import { resetSocket } from './reset.js';
import type { Stream } from './toxic.js';

/** A client's connection and the one that was dialled for it. */
export class Connection {
  readonly id: number;
  readonly clientPort: number;
  readonly openedMs = performance.now();
  /** Names of the faults that this connection is under now. */
  readonly hits = new Set<string>();
  /** True once it has been under any fault. */
  wasHit = false;
  readonly links: Readonly<Record<Stream, Link>>;
  readonly #sockets: readonly [Socket, Socket];

  constructor(id: number, client: Socket, upstream: Socket) {
    this.id = id;
    this.clientPort = client.remotePort ?? 0;
    this.#sockets = [client, upstream];
    const inside = {
      reset: () => this.reset(),
      reply: (from: Stream, chunk: Buffer) => this.links[from === 'upstream' ? 'downstream' : 'upstream'].inject(chunk),
    };
    this.links = {
      upstream: new Link('upstream', { source: client, destination: upstream }, inside),
      downstream: new Link('downstream', { source: upstream, destination: client }, inside),
    };
  }

  /** Lets data flow. Resolves when both sockets are closed. */
  async start(): Promise<void> {
    const closed = this.#sockets.map((socket) => new Promise<void>((done) => socket.once('close', () => done())));
    for (const link of Object.values(this.links)) link.start();
    await Promise.all(closed);
    this.#clear();
  }

  /** Sends RST to both sides. */
  reset(): void {
    this.#clear();
    for (const socket of this.#sockets) resetSocket(socket);
  }

  /** Closes both sides at once; what is held is lost. */
  destroy(): void {
    this.#clear();
    for (const socket of this.#sockets) socket.destroy();
  }

  #clear(): void {
    for (const link of Object.values(this.links)) {
      link.closed = true;
      link.clear();
    }
  }
}
