import type { Balance } from './balance.js';
import type { Connection } from './connection.js';
import type { LoadLoop } from './loop.js';
import { nextStart } from './pacers/closed.js';
import { rateCap } from './pacers/rate-cap.js';
import { SendTimer } from './send-timer.js';
import { Traffic, type Begin, type Release, type TrafficOptions } from './traffic.js';
import { WaitingLine } from './waiting-line.js';

/** A client that could not connect, or may not send now, pauses before its next request, longer each time, so that a dead target is not stormed. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;
const SENDS_A_TURN = 64;

export interface ClosedLoopOptions extends TrafficOptions {
  balance: Balance;
  connections: number;
  thinkMs: number;
  /** All clients together send no more than this; requests/s. */
  maxPerSecond?: number | undefined;
  /** No request is meant to start at or after this. */
  endMs: number;
}

/**
 * The closed model: each of this many clients sends its next request when its last answer is in and it has thought. A client stays with
 * its node as long as its connection lives.
 */
export function createClosedLoop(options: ClosedLoopOptions): LoadLoop {
  const { balance, requests, nodes, allowance, connections, thinkMs, maxPerSecond = Infinity, endMs, now } = options;
  const clients: (Connection | null)[] = Array.from({ length: connections }, () => null);
  const failures = new Uint8Array(connections);
  const loads = new Uint32Array(nodes.length);
  // Clients that think, or wait for their turn under the cap, in the order in which they will have done. The key's column holds the client.
  const thinking = new WaitingLine();
  const pauses = new Set<NodeJS.Timeout>();
  const next: Begin = { intendedMs: 0, lateMs: 0, requestClass: 0, key: 0 };
  const allowed = rateCap(maxPerSecond);
  let latestMs = 0;
  let stopped = false;

  const traffic = new Traffic(options, { released, closedIdle });
  const timer = new SendTimer({ now, activity: () => traffic.activity, onDue: pump });

  function begin(client: number, intendedMs: number): void {
    if (stopped || intendedMs >= endMs || requests.exhausted()) return;
    if (!allowance.take()) return pause(client);
    let connection = clients[client]!;
    if (connection === null) {
      const node = balance(loads);
      loads[node]! += 1;
      connection = traffic.create(node);
      connection.slot = client;
      clients[client] = connection;
    }
    next.intendedMs = intendedMs;
    next.requestClass = requests.drawClass();
    next.key = requests.drawKey(next.requestClass);
    traffic.begin(connection, next);
  }

  function released(connection: Connection, release: Release, nowMs: number): void {
    const client = connection.slot;
    if (release !== 'free') closedIdle(connection);
    if (release === 'not_connected') return pause(client);
    failures[client] = 0;
    goOn(client, nextStart(nowMs, thinkMs), nowMs);
  }

  /** Begins a client's next request when it is ready and its turn has come. */
  function goOn(client: number, readyMs: number, nowMs: number): void {
    const startMs = allowed(readyMs);
    if (startMs <= nowMs) begin(client, startMs);
    else think(client, startMs);
  }

  function closedIdle(connection: Connection): void {
    clients[connection.slot] = null;
    loads[connection.exchange.node]! -= 1;
  }

  function think(client: number, startMs: number): void {
    if (stopped) return;
    latestMs = Math.max(latestMs, startMs);
    thinking.push(latestMs, 0, client);
    if (thinking.length === 1) timer.schedule(latestMs);
  }

  function pump(): void {
    const nowMs = now();
    for (let sends = SENDS_A_TURN; sends > 0 && thinking.length > 0 && thinking.headIntendedMs <= nowMs; sends--) {
      const { headIntendedMs, headKey } = thinking;
      thinking.shift();
      begin(headKey, headIntendedMs);
    }
    timer.schedule(thinking.length > 0 ? thinking.headIntendedMs : Infinity);
  }

  function pause(client: number): void {
    if (stopped) return;
    const pauseMs = Math.max(thinkMs, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures[client]!));
    failures[client] = Math.min(10, failures[client]! + 1);
    const timeout = setTimeout(() => {
      pauses.delete(timeout);
      const nowMs = now();
      goOn(client, nowMs, nowMs);
    }, pauseMs);
    pauses.add(timeout);
  }

  return {
    traffic,
    start() {
      const nowMs = now();
      for (let client = 0; client < connections; client++) {
        // Users do not begin in step: their first requests are spread over one thinking time.
        goOn(client, nowMs + (thinkMs * client) / connections, nowMs);
      }
    },
    stop(nowMs) {
      stopped = true;
      timer.cancel();
      for (const timeout of pauses) clearTimeout(timeout);
      pauses.clear();
      while (thinking.length > 0) thinking.shift();
      return nowMs;
    },
    serveWaiting() {},
    waiting: () => 0,
    finished: () => traffic.inFlight === 0 && requests.exhausted(),
    lateMs: () => 0,
    spinMs: () => timer.spinMs,
  };
}
