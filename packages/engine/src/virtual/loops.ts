import type { Allowance } from '../allowance.js';
import { createBalance } from '../load/balance.js';
import { nextStart } from '../load/pacers/closed.js';
import { constantPacer } from '../load/pacers/constant.js';
import type { Pacer } from '../load/pacers/pacer.js';
import { poissonPacer } from '../load/pacers/poisson.js';
import { rateCap } from '../load/pacers/rate-cap.js';
import { createRequests } from '../load/requests.js';
import type { LoadOrder } from '../measuring.js';
import type { TickRecorder } from '../metrics/recorder.js';
import { createRandom } from '../random.js';
import type { Events } from './events.js';
import type { Traffic } from './traffic.js';

/** How long a client waits that may not send now. */
const PAUSE_MS = 10;

/** What sends the requests of one run. */
export interface Loop {
  stop(nowMs: number): void;
  isFinished(): boolean;
  waiting(): number;
}

/** What a loop works with. */
export interface LoopParts {
  order: LoadOrder;
  traffic: Traffic;
  recorder: TickRecorder;
  events: Events;
  allowance: Allowance;
  random: ReturnType<typeof createRandom>;
}

function drawsOf({ order, random }: LoopParts): ReturnType<typeof createRequests> {
  return createRequests({ order, messages: [], share: { index: 0, of: 1 }, random });
}

/** Poisson or even arrivals; who finds no connection free waits in line. */
export function startOpen(parts: LoopParts): Loop {
  const { order, traffic, recorder, events, allowance, random } = parts;
  const { arrivals } = order;
  if (arrivals.model !== 'open') throw new Error('an open model is needed');
  const { maxConnections, maxWaiting } = arrivals;
  const endMs = order.warmupMs + order.durationMs;
  const pacer: Pacer =
    arrivals.arrivals === 'constant'
      ? constantPacer(arrivals.stages, endMs)
      : poissonPacer(arrivals.stages, endMs, createRandom(order.seed));
  const requests = drawsOf(parts);
  const balance = createBalance(order.balance, order.nodes, random);
  const loads = new Uint32Array(order.nodes.length);
  const line: { intendedMs: number; node: number; requestClass: number; key: number }[] = [];
  let isStopped = false;

  function send(request: (typeof line)[number], atMs: number): void {
    traffic.begin({
      ...request,
      atMs,
      ended(endedMs) {
        loads[request.node]! -= 1;
        if (isStopped) return;
        while (line.length > 0 && traffic.underWay() < maxConnections && allowance.take()) send(line.shift()!, endedMs);
      },
    });
  }

  function arrive(atMs: number): void {
    if (isStopped) return;
    const requestClass = requests.drawClass();
    const key = requests.drawKey(requestClass);
    const request = { intendedMs: atMs, node: balance(loads), requestClass, key };
    recorder.arrived(atMs, atMs);
    const isFree = traffic.underWay() < maxConnections && allowance.take();
    if (isFree || line.length < maxWaiting) loads[request.node]! += 1;
    if (isFree) send(request, atMs);
    else if (line.length < maxWaiting) line.push(request);
    else recorder.dropped(request, 'target', 0);
    planNext();
  }

  function planNext(): void {
    const dueMs = pacer.next();
    if (dueMs < Infinity) events.plan(dueMs, arrive);
  }
  planNext();
  return {
    stop(nowMs) {
      isStopped = true;
      for (const request of line.splice(0)) recorder.dropped(request, 'target', nowMs - request.intendedMs);
    },
    isFinished: () => false,
    waiting: () => line.length,
  };
}

/** Clients that each send the next request when the last answer is in, or that fetch every key once. */
export function startClosed(parts: LoopParts): Loop {
  const { order, traffic, events, allowance, random } = parts;
  const { arrivals } = order;
  if (arrivals.model !== 'closed') throw new Error('a closed model is needed');
  const { connections, thinkMs, maxPerSecond = Infinity } = arrivals;
  const endMs = order.warmupMs + order.durationMs;
  const requests = drawsOf(parts);
  const balance = createBalance(order.balance, order.nodes, random);
  const loads = new Uint32Array(order.nodes.length);
  const allowed = rateCap(maxPerSecond);
  let isStopped = false;

  function next(node: number, readyMs: number): void {
    if (isStopped || requests.exhausted()) return;
    const startMs = allowed(readyMs);
    if (startMs >= endMs) return;
    events.plan(startMs, (atMs) => {
      if (isStopped || requests.exhausted()) return;
      if (!allowance.take()) return next(node, atMs + PAUSE_MS);
      const requestClass = requests.drawClass();
      const key = requests.drawKey(requestClass);
      traffic.begin({
        intendedMs: atMs,
        atMs,
        node,
        requestClass,
        key,
        ended: (endedMs) => next(node, nextStart(endedMs, thinkMs)),
      });
    });
  }

  for (let client = 0; client < connections; client += 1) {
    const node = balance(loads);
    loads[node]! += 1;
    next(node, 0);
  }
  return {
    stop: () => {
      isStopped = true;
    },
    isFinished: () => requests.exhausted() && traffic.underWay() === 0,
    waiting: () => 0,
  };
}
