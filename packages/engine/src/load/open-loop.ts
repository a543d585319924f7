import type { Planned } from '../measuring.js';
import type { Balance } from './balance.js';
import type { Connection } from './connection.js';
import type { LoadLoop } from './loop.js';
import type { Pacer } from './pacers/pacer.js';
import { SendTimer } from './send-timer.js';
import { Traffic, type Begin, type Release, type TrafficOptions } from './traffic.js';
import { WaitingLine } from './waiting-line.js';

/** A send later than this is not made up for any more: it was the generator that could not, and it is counted so. */
const MAX_LATE_MS = 250;
/** The loop is so late that answers may lie unread: a full line of waiting requests is no proof against the target any more. */
const UNREAD_MS = 50;
/** Sends in one turn of the event loop, so that answers are read in between. */
const SENDS_A_TURN = 64;
/** Counting a drop is cheap, but a turn must end. */
const DROPS_A_TURN = 20_000;
/** At the end all that is due is counted, but a hopeless plan may have tens of millions due. */
const DROPS_AT_THE_END = 500_000;

export interface OpenLoopOptions extends TrafficOptions {
  pacer: Pacer;
  balance: Balance;
  /** It is over with the last request that the pacer names, and not with the plan's end. */
  endsWithPacer?: boolean;
  maxConnections: number;
  maxWaiting: number;
}

/**
 * The open model: requests start when the schedule says, whatever the answers do. The pool of connections grows on demand up to its
 * cap; beyond that requests wait, in their order, and what finds the line full is dropped in the target's name.
 */
export function createOpenLoop(options: OpenLoopOptions): LoadLoop {
  const { pacer, balance, requests, nodes, recorder, allowance, maxConnections, maxWaiting, now } = options;
  const idle: Connection[][] = nodes.map(() => []);
  const lines = nodes.map(() => new WaitingLine());
  const loads = new Uint32Array(nodes.length);
  const next: Begin = { intendedMs: 0, lateMs: 0, requestClass: 0, key: 0 };
  const lost: Planned = { intendedMs: 0, requestClass: -1, node: -1 };
  let waiting = 0;
  let dueMs = Infinity;
  let arrivals = 0;

  const traffic = new Traffic(options, { released, closedIdle });
  const timer = new SendTimer({ now, activity: () => traffic.activity + arrivals, onDue: pump });

  function pump(): void {
    let nowMs = now();
    let sends = SENDS_A_TURN;
    let drops = DROPS_A_TURN;
    while (dueMs <= nowMs && sends > 0 && drops > 0) {
      const intendedMs = dueMs;
      dueMs = pacer.next();
      arrivals += 1;
      recorder.arrived(intendedMs, nowMs);
      if (nowMs - intendedMs > MAX_LATE_MS) {
        recorder.dropped(plannedAt(intendedMs), 'generator', nowMs - intendedMs);
        drops -= 1;
      } else {
        dispatch(intendedMs, nowMs - intendedMs);
        sends -= 1;
        nowMs = now();
      }
    }
    timer.schedule(dueMs);
  }

  /** A planned request that is not sent; one object serves for all. */
  function plannedAt(intendedMs: number, requestClass = -1, node = -1): Planned {
    lost.intendedMs = intendedMs;
    lost.requestClass = requestClass;
    lost.node = node;
    return lost;
  }

  function dispatch(intendedMs: number, lateMs: number): void {
    const requestClass = requests.drawClass();
    const key = requests.drawKey(requestClass);
    const node = balance(loads);
    const connection = connectionTo(node);
    if (connection !== null) {
      loads[node]! += 1;
      next.intendedMs = intendedMs;
      next.lateMs = lateMs;
      next.requestClass = requestClass;
      next.key = key;
      traffic.begin(connection, next);
    } else if (waiting < maxWaiting) {
      loads[node]! += 1;
      waiting += 1;
      lines[node]!.push(intendedMs, requestClass, key);
    } else
      recorder.dropped(plannedAt(intendedMs, requestClass, node), lateMs > UNREAD_MS ? 'generator' : 'target', lateMs);
  }

  /** A connection to a node for one more request; null when all are held, or the session may not send it now. */
  function connectionTo(node: number): Connection | null {
    if (!allowance.take()) return null;
    const connection = idle[node]!.pop() ?? makeRoom(node);
    if (connection === null) allowance.giveBack();
    return connection;
  }

  /** A new connection to a node, in place of another node's idle one when the cap is reached; null when all are held. */
  function makeRoom(node: number): Connection | null {
    if (traffic.connections >= maxConnections) {
      const spare = idle.find((connections) => connections.length > 0)?.shift();
      if (!spare) return null;
      traffic.close(spare);
    }
    return traffic.create(node);
  }

  function released(connection: Connection, release: Release): void {
    const { node } = connection.exchange;
    loads[node]! -= 1;
    const free = release === 'free';
    if (waiting === 0) {
      if (free) idle[node]!.push(connection);
      return;
    }
    if (!allowance.take()) {
      if (free) idle[node]!.push(connection);
      return;
    }
    if (lines[node]!.length > 0) return serve(free ? connection : traffic.create(node));
    // Only other nodes have requests waiting: the place under the cap goes to the one whose request waits longest.
    if (free) traffic.close(connection);
    serve(traffic.create(longestWaiting()));
  }

  /** Begins the first waiting request of the connection's node. */
  function serve(connection: Connection): void {
    const line = lines[connection.exchange.node]!;
    next.intendedMs = line.headIntendedMs;
    next.lateMs = 0;
    next.requestClass = line.headClass;
    next.key = line.headKey;
    line.shift();
    waiting -= 1;
    traffic.begin(connection, next);
  }

  function longestWaiting(): number {
    let longest = -1;
    for (const [node, line] of lines.entries()) {
      if (line.length > 0 && (longest < 0 || line.headIntendedMs < lines[longest]!.headIntendedMs)) longest = node;
    }
    return longest;
  }

  function serveWaiting(): void {
    while (waiting > 0) {
      const connection = connectionTo(longestWaiting());
      if (connection === null) return;
      serve(connection);
    }
  }

  function closedIdle(connection: Connection): void {
    const connections = idle[connection.exchange.node]!;
    connections.splice(connections.indexOf(connection), 1);
  }

  return {
    traffic,
    start() {
      dueMs = pacer.next();
      timer.schedule(dueMs);
    },
    stop(nowMs, cutShort) {
      timer.cancel();
      // Planned before the end, and not reached by the loop: the generator's fault, and counted. Cut short, the plan ends where the loop is.
      for (let left = cutShort ? 0 : DROPS_AT_THE_END; dueMs <= nowMs && left > 0; dueMs = pacer.next(), left--) {
        recorder.arrived(dueMs, nowMs);
        recorder.dropped(plannedAt(dueMs), 'generator', nowMs - dueMs);
      }
      const countedToMs = Math.min(dueMs, nowMs);
      dueMs = Infinity;
      for (const [node, line] of lines.entries()) {
        for (; line.length > 0; line.shift()) {
          const { headIntendedMs, headClass } = line;
          recorder.dropped(plannedAt(headIntendedMs, headClass, node), 'target', nowMs - headIntendedMs);
        }
      }
      waiting = 0;
      return countedToMs;
    },
    serveWaiting,
    waiting: () => waiting,
    finished: () => options.endsWithPacer === true && dueMs === Infinity && waiting === 0 && traffic.inFlight === 0,
    lateMs: (nowMs) => Math.max(0, nowMs - dueMs),
    spinMs: () => timer.spinMs,
  };
}
