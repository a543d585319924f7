/** A direction of a connection: `upstream` is client → server, `downstream` is server → client. */
export const STREAMS = ['upstream', 'downstream'] as const;
export type Stream = (typeof STREAMS)[number];

/**
 * Where a fault sends what it has been given. Times are milliseconds on the clock of {@link Outlet.now}; left out they mean
 * at once. Pieces leave in the order in which they were pushed, whatever their times.
 */
export interface Outlet {
  readonly stream: Stream;
  now(): number;
  /** Seeded, in [0, 1): the same for the same seed, fault and connection. */
  random(): number;
  /** Bytes of this connection that the fault has pushed since it was added; an update keeps the count. */
  readonly pushedBytes: number;
  /** Passes bytes on. `Infinity` holds them until the fault is updated or removed. */
  push(chunk: Buffer, atMs?: number): void;
  /** Passes the sender's end of stream on, after everything that was pushed. */
  end(atMs?: number): void;
  /** Closes the connection; what was passed on before still arrives. A later call moves the time. */
  close(atMs?: number): void;
  /** Resets the connection (RST) on both sides; what is under way is lost. A later call moves the time. */
  reset(atMs?: number): void;
  /** Sends bytes back to where this stream comes from. */
  reply(chunk: Buffer): void;
}

/** A fault at work on one stream of one connection. It decides; the stage that runs it holds, waits and keeps the order. */
export interface Fault {
  /** Takes bytes, with the time when they reached this fault. What is not pushed is lost. */
  data(chunk: Buffer, arrivedMs: number): void;
  /** The fault begins to act: on a new connection, when it is added, and after an update. */
  start?(): void;
  /** The sender ended its stream. Default: passed on after everything that was pushed. */
  end?(): void;
  /** Updated or removed: pushes whatever the fault itself keeps. What it pushed before is handed over by the stage. */
  flush?(): void;
  /** Removed, after everything held was passed on. */
  removed?(): void;
  /** How much may be held before the sender is slowed down. Default 64 KiB. */
  capacityBytes?: number;
}

/** A kind of fault: Toxiproxy calls it a toxic. One file each, listed in registry.ts. */
export interface Toxic<Name extends string = string> {
  readonly type: string;
  /** The whole-numbered attributes with their defaults. */
  readonly attributes: Readonly<Record<Name, number>>;
  /** The only stream it can act on, where not both make sense. */
  readonly only?: Stream;
  /** Hands its pieces to the network one at a time, so that the kernel does not join them again. */
  readonly separate?: boolean;
  /** What is wrong with these attributes, in words, or null. */
  check?(attributes: Readonly<Record<Name, number>>): string | null;
  /** Made once for the proxy, then called for each stream that is hit. */
  create(attributes: Readonly<Record<Name, number>>): (outlet: Outlet) => Fault;
}

/** Keeps the names of a toxic's attributes checked against their use. */
export function toxic<Name extends string>(definition: Toxic<Name>): Toxic {
  return definition;
}
