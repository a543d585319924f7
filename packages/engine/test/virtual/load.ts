import { nodeName } from '@hive/contract';
import type { Clock } from '../../src/clock.js';
import { createBalance } from '../../src/load/balance.js';
import { constantPacer } from '../../src/load/pacers/constant.js';
import { nextStart } from '../../src/load/pacers/closed.js';
import type { Pacer } from '../../src/load/pacers/pacer.js';
import { poissonPacer } from '../../src/load/pacers/poisson.js';
import { rateCap } from '../../src/load/pacers/rate-cap.js';
import { createRequests } from '../../src/load/requests.js';
import type { Exchange, Load, LoadOrder, Tick } from '../../src/measuring.js';
import { createRecorder } from '../../src/metrics/recorder.js';
import { createRandom } from '../../src/random.js';
import { createEvents, type Events } from './events.js';
import type { VirtualService } from './service.js';

/** A clock that others let go on. */
export type DrivenClock = Clock & { advance(ms: number): void };

/**
 * A load generator in virtual time: the real pacers, balances, draws and recorder, and a simulated service instead of sockets. It is never
 * late, and its own machine is idle.
 */
export function createVirtualLoad(clock: DrivenClock, service: VirtualService): Load {
  return {
    async *run(order, signal) {
      const run = startRun(order, service, clock.now());
      for (let fromMs = 0; ; fromMs += order.tickMs) {
        const toMs = fromMs + order.tickMs;
        run.goOn(toMs);
        clock.advance(order.tickMs);
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) run.abort(toMs);
        const tick = run.takeTick(fromMs, toMs);
        yield tick;
        if (tick.last) return;
      }
    },
    async close() {},
  };
}

interface VirtualRun {
  goOn(toMs: number): void;
  abort(nowMs: number): void;
  takeTick(fromMs: number, toMs: number): Tick;
}

function startRun(order: LoadOrder, service: VirtualService, startedMs: number): VirtualRun {
  const { arrivals, seed } = order;
  const plannedMs = order.warmupMs + order.durationMs;
  const events = createEvents();
  const recorder = createRecorder(order, order.nodes.map(nodeName));
  const traffic = createTraffic({ order, service, startedMs, recorder, events });
  const start = arrivals.model === 'open' ? startOpen : startClosed;
  const loop = start({ order, traffic, recorder, events, random: createRandom(seed + 0x1_0000_0000) });
  let plannedToMs = plannedMs;
  let state: 'running' | 'draining' | 'ended' = 'running';
  let isAborted = false;

  function stop(nowMs: number): void {
    if (state !== 'running') return;
    state = 'draining';
    plannedToMs = Math.min(nowMs, plannedMs);
    loop.stop(plannedToMs);
  }

  function end(nowMs: number): void {
    traffic.cutOff(nowMs);
    state = 'ended';
  }

  return {
    goOn(toMs) {
      if (state === 'running') {
        events.until(Math.min(toMs, plannedMs));
        if (toMs >= plannedMs || loop.isFinished()) stop(toMs);
      }
      events.until(toMs);
      if (state === 'draining' && (traffic.underWay() === 0 || toMs >= plannedToMs + order.graceMs)) end(toMs);
    },
    abort(nowMs) {
      if (state === 'ended') return;
      isAborted = true;
      stop(nowMs);
      end(nowMs);
    },
    takeTick(fromMs, toMs) {
      const { parts, phases, outstanding, lateness, ...health } = recorder.take({ fromMs, toMs, plannedToMs });
      return {
        fromMs,
        toMs,
        phase: state !== 'running' ? 'grace' : toMs < order.warmupMs ? 'warmup' : 'judged',
        parts,
        phases,
        connections: traffic.underWay(),
        peakConnections: traffic.mostUnderWay(),
        outstanding,
        waiting: loop.waiting(),
        health: {
          ...health,
          lateness: arrivals.model === 'open' ? lateness : null,
          busy: 0.1,
          eventLoopDelayP99Ms: 0.1,
          clockJumpMs: 0,
        },
        last: state === 'ended',
        ...(isAborted ? { endedEarly: 'aborted' as const } : {}),
      };
    },
  };
}

type Recorder = ReturnType<typeof createRecorder>;

interface Traffic {
  begin(request: {
    intendedMs: number;
    atMs: number;
    node: number;
    requestClass: number;
    key: number;
    ended(atMs: number): void;
  }): void;
  underWay(): number;
  mostUnderWay(): number;
  cutOff(nowMs: number): void;
}

function createTraffic(from: {
  order: LoadOrder;
  service: VirtualService;
  startedMs: number;
  recorder: Recorder;
  events: Events;
}): Traffic {
  const { order, service, startedMs, recorder, events } = from;
  const open = new Set<Exchange>();
  let most = 0;
  return {
    begin({ intendedMs, atMs, node, requestClass, key, ended }) {
      const sent = order.requests[requestClass]!;
      const to = order.nodes[node]!;
      const served = service.serve({
        atMs: startedMs + atMs,
        node: nodeName(to),
        via: to.via?.port ?? null,
        sent,
        key,
        bytes: order.payloadBytes ?? 0,
      });
      const exchange: Exchange = {
        intendedMs,
        node,
        requestClass,
        lateMs: 0,
        startMs: atMs,
        connectedMs: NaN,
        securedMs: NaN,
        firstByteMs: NaN,
        bytesIn: 200,
        bytesOut: 100,
        cache: order.readHeaders?.cache === undefined ? null : served.cache,
        servedBy: order.readHeaders?.node === undefined ? null : served.servedBy,
      };
      open.add(exchange);
      most = Math.max(most, open.size);
      recorder.begun(exchange);
      recorder.sent(exchange);
      const isTooLate = served.tookMs >= order.timeoutMs;
      events.plan(atMs + Math.min(served.tookMs, order.timeoutMs), (endMs) => {
        if (!open.delete(exchange)) return;
        if (isTooLate) recorder.timedOut(exchange, endMs);
        else if (served.error === 'reset') recorder.failed(exchange, endMs, served.error);
        else recorder.answered(exchange, endMs, served.error);
        ended(endMs);
      });
    },
    underWay: () => open.size,
    mostUnderWay: () => most,
    cutOff(nowMs) {
      for (const exchange of open) recorder.cutOff(exchange, nowMs);
      open.clear();
    },
  };
}

interface Loop {
  stop(nowMs: number): void;
  isFinished(): boolean;
  waiting(): number;
}

interface LoopParts {
  order: LoadOrder;
  traffic: Traffic;
  recorder: Recorder;
  events: Events;
  random: ReturnType<typeof createRandom>;
}

function drawsOf({ order, random }: LoopParts): ReturnType<typeof createRequests> {
  return createRequests({ order, messages: [], share: { index: 0, of: 1 }, random });
}

/** Poisson or even arrivals; who finds no connection free waits in line. */
function startOpen(parts: LoopParts): Loop {
  const { order, traffic, recorder, events, random } = parts;
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
        const next = isStopped ? undefined : line.shift();
        if (next !== undefined) send(next, endedMs);
      },
    });
  }

  function arrive(atMs: number): void {
    if (isStopped) return;
    const requestClass = requests.drawClass();
    const key = requests.drawKey(requestClass);
    const request = { intendedMs: atMs, node: balance(loads), requestClass, key };
    recorder.arrived(atMs, atMs);
    const isFree = traffic.underWay() < maxConnections;
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
function startClosed(parts: LoopParts): Loop {
  const { order, traffic, events, random } = parts;
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
