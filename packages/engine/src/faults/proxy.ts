import { setMaxListeners } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { HiveError } from '@hive/contract';
import { ToxicChain, type Draw, type Reach } from './chain.js';
import { Connection } from './connection.js';
import { createDialer, type Dialer } from './dialer.js';
import { endpointText, parseListen, parseUpstream } from './endpoints.js';
import { SOCKET_OPTIONS, takeOver } from './reading.js';
import type { ToxicInput, ToxicSpec } from './registry.js';

const BACKLOG = 4_096;

/** What happens to connections: told as it happens, never for single bytes. */
export interface ProxyEvent {
  type: 'opened' | 'closed' | 'hit' | 'released' | 'dial_failed';
  /** Time of day, milliseconds since 1970. */
  atMs: number;
  connection: number;
  /** The client's own port: it tells which of a load generator's connections this is. */
  clientPort: number;
  /** The fault's name, for `hit` and `released`. */
  toxic?: string;
}

export interface ProxyOptions {
  name?: string;
  /** `host:port` on loopback. Default: a free port of 127.0.0.1. */
  listen?: string;
  /** `host:port` that connections are passed on to. */
  upstream: string;
  /** Default 1. The same seed hits the same connections in order of opening, with the same draws. */
  seed?: number;
  /** Host names, addresses and CIDRs beyond loopback that may be dialled. */
  allow?: readonly string[];
  /** False: closed until it is enabled. */
  enabled?: boolean;
  onEvent?: (event: ProxyEvent) => void;
}

/** Totals since the proxy was made. */
export interface ProxyCounters {
  connections: number;
  openConnections: number;
  /** Connections that were ever under a fault. */
  hitConnections: number;
  failedDials: number;
  /** Bytes read from clients. */
  upstreamBytes: number;
  /** Bytes read from the upstream. */
  downstreamBytes: number;
}

/** An open connection as others see it. */
export interface ProxyConnection {
  id: number;
  clientPort: number;
  ageMs: number;
  /** Names of the faults that it is under. */
  hitBy: string[];
}

export interface ProxyChange {
  listen?: string;
  upstream?: string;
  /** False: closes every connection and refuses new ones. */
  enabled?: boolean;
}

/** A TCP proxy with faults that can be added, changed and removed while data flows. */
export class FaultProxy {
  readonly name: string;
  readonly #chain: ToxicChain;
  readonly #settings: { allow: readonly string[]; onEvent: (event: ProxyEvent) => void };
  readonly #ended = { connections: 0, hit: 0, failedDials: 0, upstreamBytes: 0, downstreamBytes: 0 };
  /** Resolves for each open connection when it is closed. */
  readonly #open = new Map<Connection, Promise<void>>();
  readonly #dialling = new Set<Socket>();
  #listen: string;
  #upstream: string;
  #dialer: Dialer;
  #server: Server | null = null;
  #stopped = new AbortController();
  #lastId = 0;

  /** Use {@link createProxy}. */
  constructor(options: ProxyOptions) {
    this.name = options.name ?? 'proxy';
    this.#settings = { allow: options.allow ?? [], onEvent: options.onEvent ?? (() => undefined) };
    this.#listen = endpointText(parseListen(options.listen ?? ''));
    this.#upstream = options.upstream;
    this.#dialer = createDialer(parseUpstream(options.upstream), this.#settings.allow);
    this.#chain = new ToxicChain(options.seed ?? 1, ({ type, toxic, connection }) =>
      this.#tell(type, connection, toxic),
    );
  }

  /** `host:port` where it listens; the port is known once it is enabled. */
  get listen(): string {
    return this.#listen;
  }

  get upstream(): string {
    return this.#upstream;
  }

  get enabled(): boolean {
    return this.#server !== null;
  }

  /** Upstream faults first, each stream in its order. */
  get toxics(): ToxicSpec[] {
    return this.#chain.list();
  }

  get connections(): ProxyConnection[] {
    const nowMs = performance.now();
    return [...this.#open.keys()].map(({ id, clientPort, openedMs, hits }) => {
      return { id, clientPort, ageMs: nowMs - openedMs, hitBy: [...hits] };
    });
  }

  get counters(): ProxyCounters {
    const open = [...this.#open.keys()];
    const read = (stream: 'upstream' | 'downstream'): number =>
      open.reduce((sum, { links }) => sum + links[stream].readBytes, 0);
    return {
      connections: this.#ended.connections + open.length,
      openConnections: open.length,
      hitConnections: this.#ended.hit + open.filter(({ wasHit }) => wasHit).length,
      failedDials: this.#ended.failedDials,
      upstreamBytes: this.#ended.upstreamBytes + read('upstream'),
      downstreamBytes: this.#ended.downstreamBytes + read('downstream'),
    };
  }

  /** @throws HiveError `not_found`. */
  toxic(name: string): ToxicSpec {
    return this.#chain.get(name);
  }

  /** How many connections a fault has hit, and for what share of their time. @throws HiveError `not_found`. */
  reach(name: string): Reach {
    return this.#chain.reach(name);
  }

  /** Adds a fault at the end of its stream's chain. @throws HiveError `validation`, `conflict`. */
  addToxic(input: ToxicInput, draw: Draw = 'each'): ToxicSpec {
    return this.#chain.add(input, draw);
  }

  /** Changes toxicity and attributes; those left out stay. @throws HiveError `not_found`, `validation`. */
  updateToxic(name: string, input: Partial<Pick<ToxicSpec, 'toxicity' | 'attributes'>>): ToxicSpec {
    return this.#chain.update(name, input);
  }

  /** What the fault holds is passed on. @throws HiveError `not_found`. */
  removeToxic(name: string): void {
    this.#chain.remove(name);
  }

  removeToxics(): void {
    this.#chain.removeAll();
  }

  /** True when these addresses are not the ones it has. @throws HiveError `validation`, `refused_by_safety`. */
  differs({ listen, upstream }: ProxyChange): boolean {
    const sameListen = listen === undefined || endpointText(parseListen(listen)) === this.#listen;
    return !sameListen || (upstream !== undefined && upstream !== this.#upstream);
  }

  /**
   * Changes address or upstream, which drops the connections, or takes the proxy down or up.
   * @throws HiveError `validation`, `refused_by_safety`, `port_taken`.
   */
  async update(change: ProxyChange): Promise<void> {
    const enabled = change.enabled ?? this.enabled;
    if (this.differs(change)) {
      const upstream = change.upstream ?? this.#upstream;
      const dialer = createDialer(parseUpstream(upstream), this.#settings.allow);
      await dialer.check();
      await this.#stop();
      if (change.listen !== undefined) this.#listen = endpointText(parseListen(change.listen));
      this.#upstream = upstream;
      this.#dialer = dialer;
    }
    if (enabled && !this.enabled) await this.#start();
    if (!enabled) await this.#stop();
  }

  /** Closes everything. Nothing stays open. */
  async close(): Promise<void> {
    await this.#stop();
  }

  async #start(): Promise<void> {
    await this.#dialer.check();
    const { host, port } = parseListen(this.#listen);
    const server = createServer({ ...SOCKET_OPTIONS, pauseOnConnect: true });
    await new Promise<void>((done, fail) => {
      server.once('error', (error: NodeJS.ErrnoException) => fail(this.#cannotListen(error)));
      server.listen({ host, port, backlog: BACKLOG }, done);
    });
    this.#stopped = new AbortController();
    setMaxListeners(0, this.#stopped.signal);
    server.on('connection', (client) => void this.#accept(takeOver(client)));
    server.on('error', () => undefined);
    this.#listen = endpointText({ host, port: (server.address() as AddressInfo).port });
    this.#server = server;
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    const closed = new Promise<void>((done) => server.close(() => done()));
    this.#stopped.abort();
    for (const socket of this.#dialling) socket.destroy();
    for (const connection of this.#open.keys()) connection.destroy();
    await Promise.all([closed, ...this.#open.values()]);
  }

  async #accept(client: Socket): Promise<void> {
    const id = (this.#lastId += 1);
    const { signal } = this.#stopped;
    client.on('error', () => undefined);
    this.#dialling.add(client);
    let upstream: Socket;
    try {
      upstream = await this.#dialer.dial(signal);
    } catch {
      client.destroy();
      if (signal.aborted) return;
      this.#ended.failedDials += 1;
      this.#tell('dial_failed', { id, clientPort: client.remotePort ?? 0 });
      return;
    } finally {
      this.#dialling.delete(client);
    }
    if (signal.aborted || client.destroyed) {
      client.destroy();
      upstream.destroy();
      return;
    }
    const connection = new Connection(id, client, upstream);
    this.#tell('opened', connection);
    this.#chain.attach(connection);
    this.#open.set(connection, this.#serve(connection));
  }

  async #serve(connection: Connection): Promise<void> {
    await connection.start();
    this.#chain.detach(connection);
    this.#open.delete(connection);
    this.#ended.connections += 1;
    if (connection.wasHit) this.#ended.hit += 1;
    this.#ended.upstreamBytes += connection.links.upstream.readBytes;
    this.#ended.downstreamBytes += connection.links.downstream.readBytes;
    this.#tell('closed', connection);
  }

  #tell(type: ProxyEvent['type'], { id, clientPort }: Pick<Connection, 'id' | 'clientPort'>, toxic?: string): void {
    this.#settings.onEvent({
      type,
      atMs: Date.now(),
      connection: id,
      clientPort,
      ...(toxic === undefined ? {} : { toxic }),
    });
  }

  #cannotListen(error: NodeJS.ErrnoException): HiveError {
    const why = error.code === 'EADDRINUSE' ? 'bind: address already in use' : error.message;
    return new HiveError('port_taken', `listen tcp ${this.#listen}: ${why}`, {
      hint: 'choose another port, or 0 for a free one',
      cause: error,
    });
  }
}

/**
 * Starts a fault proxy on loopback.
 * @throws HiveError `validation`, `refused_by_safety` for an upstream that may not be dialled, `port_taken`.
 */
export async function createProxy(options: ProxyOptions): Promise<FaultProxy> {
  const proxy = new FaultProxy(options);
  await proxy.update({ enabled: options.enabled ?? true });
  return proxy;
}
