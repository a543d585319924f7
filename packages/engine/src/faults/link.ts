import type { Socket } from 'node:net';
import { resetSocket } from './reset.js';
import type { Sink, Stage, StageHost } from './stage.js';
import type { Stream } from './toxic.js';

const NOTHING = Buffer.alloc(0);

/**
 * One stream of a connection: reads the source, sends what it reads through the stages, writes to the destination. The source
 * is not read while the destination is behind or a stage is full, so that what is held stays bounded, and what was read is out before
 * its memory is read into again.
 */
export class Link implements Sink, StageHost {
  /** Bytes read from the source. */
  readBytes = 0;
  /** True once a fault closed or reset the connection through this link: nothing passes any more. */
  closed = false;
  private readonly source: Socket;
  private readonly destination: Socket;
  readonly #stages: Stage[] = [];
  #sourceEnded = false;
  #sourceFailed = false;
  #ended = false;
  #paused = false;
  readonly #written = (): void => this.gate();

  constructor(
    readonly stream: Stream,
    sockets: { source: Socket; destination: Socket },
    private readonly connection: { reset(): void; reply(from: Stream, chunk: Buffer): void },
  ) {
    this.source = sockets.source;
    this.destination = sockets.destination;
  }

  /** Begins to read. The stages of the connection are in place. */
  start(): void {
    this.source.on('data', (chunk: Buffer) => {
      this.readBytes += chunk.length;
      // A stage may hold it, and its memory is read into again.
      this.inject(this.#stages.length > 0 ? Buffer.from(chunk) : chunk);
      this.gate();
    });
    this.source.on('end', () => this.#sourceEnd());
    this.source.on('error', () => {
      this.#sourceFailed = true;
    });
    this.source.on('close', () => {
      // Both directions of the source are gone: nobody is left to answer to.
      if (this.#ended) this.destination.destroySoon();
      else this.#sourceEnd();
    });
    this.destination.on('close', () => this.gate());
    this.source.resume();
  }

  /** Sends bytes through the stages, as if the source had sent them. */
  inject(chunk: Buffer): void {
    if (this.closed || this.#ended) return;
    (this.#stages[0] ?? this).data(chunk);
  }

  data(chunk: Buffer): void {
    if (!this.closed && this.destination.writable) this.destination.write(chunk, this.#written);
  }

  end(): void {
    if (this.closed || this.#ended) return;
    this.#ended = true;
    if (this.#sourceFailed) this.destination.write(NOTHING, () => resetSocket(this.destination));
    else if (this.source.destroyed) this.destination.destroySoon();
    else this.destination.end();
  }

  /** Closes the destination once what was written is out; the other stream sees its source end. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.clear();
    this.destination.destroySoon();
    this.gate();
  }

  reset(): void {
    this.closed = true;
    this.connection.reset();
  }

  reply(chunk: Buffer): void {
    this.connection.reply(this.stream, chunk);
  }

  gate(): void {
    const wait = this.#stages.some((stage) => stage.full) || this.destination.writableLength > 0;
    const pause = wait && !this.closed && !this.destination.destroyed;
    if (pause === this.#paused) return;
    this.#paused = pause;
    if (pause) this.source.pause();
    else this.source.resume();
  }

  /** Puts a stage in the place that it has in the chain. */
  insert(position: number, make: (host: StageHost, next: Sink) => Stage): void {
    if (this.closed || this.#ended) return;
    const stage = make(this, this.#stages[position] ?? this);
    const before = this.#stages[position - 1];
    if (before) before.next = stage;
    this.#stages.splice(position, 0, stage);
    stage.start();
  }

  /** The stages at work, in the order of the chain. */
  get stages(): readonly Stage[] {
    return this.#stages;
  }

  /** Takes a stage out. What it holds goes on first, so that nothing overtakes it. */
  remove(stage: Stage): void {
    const position = this.#stages.indexOf(stage);
    stage.remove();
    const before = this.#stages[position - 1];
    if (before) before.next = stage.next;
    this.#stages.splice(position, 1);
    stage.clear();
    this.gate();
  }

  clear(): void {
    for (const stage of this.#stages) stage.clear();
  }

  #sourceEnd(): void {
    if (this.#sourceEnded) return;
    this.#sourceEnded = true;
    (this.#stages[0] ?? this).end();
  }
}
