import { drawOn } from '../allowance.js';
import type { LoadOrder, Recorder } from '../measuring.js';
import { createRandom } from '../random.js';
import { createBalance } from './balance.js';
import { createClosedLoop } from './closed-loop.js';
import type { LoadLoop } from './loop.js';
import type { Message } from '../http1/messages.js';
import type { ResolvedNode } from '../http1/nodes.js';
import { readTokens } from '../http1/tokens.js';
import { createOpenLoop } from './open-loop.js';
import { shareOf, type Pacer } from './pacers/pacer.js';
import { plannedRequests } from './pacers/stages.js';
import { drawnSeed, planOf } from './plan.js';
import { createRequests } from './requests.js';
import { partOf, shareOfWhole, UNDIVIDED } from './split.js';

/** Of all planned, dropped by the generator: from here on the result is invalid whatever follows. */
const HOPELESS_SHARE = 0.01;
/** Of those that were due lately, dropped by the generator: from here on it is hopeless, however long the plan. */
const HOPELESS_LATELY = 0.5;
const LATELY_MS = 500;
/** So late, the loop cannot even count what it does not send. */
const HOPELESS_LATE_MS = 500;
/** Of a stretch of time, without an idle moment: the thread can do no more, so what it drops is no proof against the target. */
const SATURATED_SHARE = 0.95;
/** So few drops prove nothing. */
const HOPELESS_LEAST = 20;

export interface RunOptions {
  order: LoadOrder;
  nodes: readonly ResolvedNode[];
  /** By request class, then by node. */
  messages: readonly (readonly Message[])[];
  /** Which thread's share of the plan this is. */
  share: { index: number; of: number };
  recorder: Recorder & { droppedGenerator(): number; droppedTarget(): number };
  /** Time that the thread's event loop was not asleep, ms since any moment. */
  awakeMs(): number;
  /** ms since the run's start. */
  now(): number;
}

/** One thread's share of a run in progress. Somebody calls `step` every few milliseconds. */
export interface LoadRun {
  start(): void;
  /** Times out, ends the plan, ends the grace. */
  step(nowMs: number): void;
  /** Ends at once: nothing new, and what is in flight is cut off. */
  abort(nowMs: number, cause: 'aborted' | 'generator_overloaded'): void;
  /** `draining`: nothing new is sent; `ended`: nothing is in flight and every socket is closed. */
  state(): 'running' | 'draining' | 'ended';
  /** Where planned sends end, or ended, ms. */
  plannedToMs(): number;
  endedEarly(): 'aborted' | 'generator_overloaded' | undefined;
  readonly loop: LoadLoop;
}

/** Prepares one thread's share of an order; nothing is dialled before `start`. */
export function createRun(options: RunOptions): LoadRun {
  const { order, recorder, share } = options;
  const loop = createLoop(options);
  const planned = plannedShare(order, share.of);
  let plannedToMs = order.warmupMs + order.durationMs;
  let state: 'running' | 'draining' | 'ended' = 'running';
  let endedEarly: 'aborted' | 'generator_overloaded' | undefined;
  let lately = reading(0);

  function stop(nowMs: number, cutShort = false): void {
    if (state !== 'running') return;
    state = 'draining';
    plannedToMs = loop.stop(Math.min(nowMs, plannedToMs), cutShort);
  }

  function end(nowMs: number, overdue: boolean): void {
    loop.traffic.cutOff(nowMs, overdue);
    state = 'ended';
  }

  function abort(nowMs: number, cause: 'aborted' | 'generator_overloaded'): void {
    if (state === 'ended') return;
    endedEarly = cause;
    stop(nowMs, cause === 'aborted');
    end(nowMs, false);
  }

  function isHopeless(nowMs: number): boolean {
    if (loop.lateMs(nowMs) > HOPELESS_LATE_MS) return true;
    const { dropped } = reading(nowMs);
    if (dropped >= HOPELESS_LEAST && dropped > HOPELESS_SHARE * planned.total) return true;
    if (nowMs - lately.atMs < LATELY_MS) return false;
    const before = lately;
    lately = reading(nowMs);
    // A thread without an idle moment may hold up the answers itself: then it is not the target that holds the connections.
    const saturated = lately.workMs - before.workMs > SATURATED_SHARE * (nowMs - before.atMs);
    const heldBack = saturated ? lately.heldBack - before.heldBack : 0;
    const lost = lately.dropped - before.dropped + heldBack;
    return lost >= HOPELESS_LEAST && lost > HOPELESS_LATELY * (planned.until(nowMs) - planned.until(before.atMs));
  }

  function reading(atMs: number): { atMs: number; dropped: number; heldBack: number; workMs: number } {
    const workMs = options.awakeMs() - loop.spinMs();
    return { atMs, dropped: recorder.droppedGenerator(), heldBack: recorder.droppedTarget(), workMs };
  }

  return {
    loop,
    start() {
      lately = reading(0);
      loop.start();
    },
    step(nowMs) {
      if (state === 'ended') return;
      loop.traffic.sweep(nowMs);
      if (state === 'running') {
        if (isHopeless(nowMs)) return abort(nowMs, 'generator_overloaded');
        if (nowMs >= plannedToMs || loop.finished()) stop(nowMs);
        else if (order.allowance !== undefined) loop.serveWaiting();
      }
      if (state === 'draining' && (loop.traffic.inFlight === 0 || nowMs >= plannedToMs + order.graceMs))
        end(nowMs, true);
    },
    abort,
    state: () => state,
    plannedToMs: () => plannedToMs,
    endedEarly: () => endedEarly,
  };
}

function createLoop({ order, nodes, messages, share, recorder, now }: RunOptions): LoadLoop {
  const { arrivals, timeoutMs, insecure, readHeaders, requestsPerConnection, split = UNDIVIDED } = order;
  const allowance = drawOn(order.allowance);
  const endMs = order.warmupMs + order.durationMs;
  // The schedule's stream is the same in every thread, which then takes its share; what is sent is drawn apart.
  const drawn = createRandom(drawnSeed(order, share.index));
  const most = arrivals.model === 'closed' ? mostRequestsOf(order, share) : Infinity;
  const requests = createRequests({ order, messages, share, random: drawn, most });
  const balance = createBalance(order.balance, nodes, drawn);
  const tokens = order.tokens === undefined ? null : readTokens(order.tokens, () => drawn.next());
  const about = { timeoutMs, insecure, readHeaders, requestsPerConnection, allowance, now, tokens };
  const common = { ...about, nodes, requests, recorder, balance };
  if (arrivals.model === 'closed') {
    const connections = fraction(partOf(arrivals.connections, split, 1), share);
    const { thinkMs, maxPerSecond } = arrivals;
    const most = maxPerSecond === undefined ? undefined : (maxPerSecond * shareOfWhole(split)) / share.of;
    return createClosedLoop({ ...common, connections, thinkMs, maxPerSecond: most, endMs });
  }
  return createOpenLoop({
    ...common,
    pacer: firstOf(shareOf(planOf(order, arrivals), share), mostRequestsOf(order, share)),
    endsWithPacer: order.mostRequests !== undefined,
    maxConnections: fraction(partOf(arrivals.maxConnections, split, 1), share),
    maxWaiting: fraction(partOf(arrivals.maxWaiting, split), share),
  });
}

/** How many requests a thread may begin, where the order ends after some. */
function mostRequestsOf({ mostRequests, split = UNDIVIDED }: LoadOrder, share: { index: number; of: number }): number {
  return mostRequests === undefined ? Infinity : fraction(partOf(mostRequests, split), share);
}

function firstOf(pacer: Pacer, most: number): Pacer {
  let left = most;
  return { next: () => (left-- > 0 ? pacer.next() : Infinity) };
}

/** The share of a whole number; all shares together are the number. */
export function fraction(whole: number, { index, of }: { index: number; of: number }): number {
  return Math.floor(whole / of) + (index < whole % of ? 1 : 0);
}

function plannedShare(order: LoadOrder, threads: number): { total: number; until(ms: number): number } {
  const { arrivals, split = UNDIVIDED } = order;
  const share = shareOfWhole(split) / threads;
  if (arrivals.model === 'closed') return { total: Infinity, until: () => Infinity };
  const most = (order.mostRequests ?? Infinity) * share;
  const until = (ms: number): number => Math.min(most, plannedRequests(arrivals.stages, ms) * share);
  return { total: until(order.warmupMs + order.durationMs), until };
}
