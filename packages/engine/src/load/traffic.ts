import type { ErrorKind } from '@hive/contract';
import type { Allowance } from '../allowance.js';
import type { LoadOrder, Recorder } from '../measuring.js';
import { Connection, type ConnectionOwner } from './connection.js';
import type { TokenLines } from '../http1/tokens.js';
import { Deadlines } from './deadlines.js';
import type { ResolvedNode } from '../http1/nodes.js';
import type { Requests } from './requests.js';

/** How a connection came out of a request: it can carry another, it closed, or it was never made. */
export type Release = 'free' | 'closed' | 'not_connected';

export interface TrafficOptions {
  nodes: readonly ResolvedNode[];
  requests: Requests;
  recorder: Recorder;
  timeoutMs: number;
  insecure: boolean;
  readHeaders: LoadOrder['readHeaders'] | undefined;
  requestsPerConnection?: number | undefined;
  tokens: TokenLines | null;
  /** Who begins a request has taken it from here. */
  allowance: Allowance;
  /** ms on the run's time line. */
  now(): number;
}

/** Who uses the traffic: an open or a closed loop. */
export interface TrafficUser {
  /** The request on a connection has ended, and was recorded. */
  released(connection: Connection, release: Release, nowMs: number): void;
  /** A connection closed that carried nothing. */
  closedIdle(connection: Connection): void;
}

/** What is begun on a connection. */
export interface Begin {
  intendedMs: number;
  /** How late the loop came to it, where it did not wait for a connection; ms. */
  lateMs: number;
  requestClass: number;
  key: number;
}

/** All connections of one thread's run, what is in flight on them, and the recording of how each request ended. */
export class Traffic implements ConnectionOwner {
  /** Requests begun and not ended. */
  inFlight = 0;
  /** Grows with everything that happens. */
  activity = 0;
  peakConnections = 0;
  private readonly open = new Set<Connection>();
  private readonly deadlines: Deadlines;

  constructor(
    private readonly options: TrafficOptions,
    private readonly user: TrafficUser,
  ) {
    this.deadlines = new Deadlines(options.timeoutMs);
  }

  get connections(): number {
    return this.open.size;
  }

  /** A connection that will dial with its first request. */
  create(node: number): Connection {
    const { nodes, insecure, readHeaders, tokens, requestsPerConnection: mostRequests = Infinity } = this.options;
    const about = { node: nodes[node]!, nodeIndex: node, insecure, readHeaders, tokens, mostRequests };
    const connection = new Connection({ owner: this, ...about });
    this.open.add(connection);
    if (this.open.size > this.peakConnections) this.peakConnections = this.open.size;
    return connection;
  }

  begin(connection: Connection, { intendedMs, lateMs, requestClass, key }: Begin): void {
    const { exchange } = connection;
    exchange.intendedMs = intendedMs;
    exchange.lateMs = lateMs;
    exchange.requestClass = requestClass;
    exchange.startMs = this.options.now();
    this.activity += 1;
    this.inFlight += 1;
    this.deadlines.add(connection);
    this.options.recorder.begun(exchange);
    connection.begin(this.options.requests.message(requestClass, exchange.node), key);
  }

  /** Closes an idle connection. */
  close(connection: Connection): void {
    this.open.delete(connection);
    connection.abandon();
  }

  /** Times out what is due. */
  sweep(nowMs: number): void {
    for (let late = this.deadlines.takeExpired(nowMs); late; late = this.deadlines.takeExpired(nowMs)) {
      this.inFlight -= 1;
      this.expire(late, nowMs);
    }
  }

  /**
   * Ends everything: what is in flight is cut off, and every connection closes. Its user is told nothing. `overdue`: it had its time to be
   * answered, and counts as not answered.
   */
  cutOff(nowMs: number, overdue: boolean): void {
    const { allowance } = this.options;
    for (let cut = this.deadlines.take(); cut; cut = this.deadlines.take()) {
      this.inFlight -= 1;
      if (overdue) allowance.bad();
      else allowance.good();
      if (cut.isDialling) this.options.recorder.sent(cut.exchange);
      this.options.recorder.cutOff(cut.exchange, nowMs);
    }
    for (const connection of this.open) connection.abandon();
    this.open.clear();
  }

  now(): number {
    return this.options.now();
  }

  sent(connection: Connection): void {
    this.options.recorder.sent(connection.exchange);
  }

  answered(connection: Connection, error: ErrorKind | null): void {
    const nowMs = this.leave(connection);
    // It came after its time was up, and before the sweep: a time-out must not depend on when the sweep looks.
    if (nowMs - connection.exchange.startMs >= this.options.timeoutMs) return this.expire(connection, nowMs);
    if (error === null) this.options.allowance.good();
    else this.options.allowance.bad();
    this.options.recorder.answered(connection.exchange, nowMs, error);
    if (!connection.isOpen) this.open.delete(connection);
    this.user.released(connection, connection.isOpen ? 'free' : 'closed', nowMs);
  }

  failed(connection: Connection, error: ErrorKind): void {
    const nowMs = this.leave(connection);
    this.open.delete(connection);
    this.options.allowance.bad();
    this.options.recorder.failed(connection.exchange, nowMs, error);
    this.user.released(connection, connection.wasConnected ? 'closed' : 'not_connected', nowMs);
  }

  refusedLocally(connection: Connection, error: ErrorKind): void {
    const nowMs = this.leave(connection);
    this.open.delete(connection);
    this.options.allowance.giveBack();
    this.options.recorder.refusedLocally(connection.exchange, nowMs, error);
    this.user.released(connection, 'not_connected', nowMs);
  }

  closedIdle(connection: Connection): void {
    this.activity += 1;
    this.open.delete(connection);
    this.user.closedIdle(connection);
  }

  private leave(connection: Connection): number {
    this.activity += 1;
    this.inFlight -= 1;
    this.deadlines.remove(connection);
    return this.options.now();
  }

  private expire(connection: Connection, nowMs: number): void {
    const { recorder, allowance } = this.options;
    allowance.bad();
    if (connection.isDialling) recorder.sent(connection.exchange);
    recorder.timedOut(connection.exchange, nowMs);
    this.open.delete(connection);
    connection.abandon();
    this.user.released(connection, 'closed', nowMs);
  }
}
