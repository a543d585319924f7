import type { ErrorKind } from '@hive/contract';
import type { Exchange, LoadOrder, Phases, Planned, Recorder, TickPart } from '../measuring.js';
import {
  createGroups,
  createNamedNodes,
  recordInGroup,
  takeGroups,
  type Group,
  type Groups,
  type NamedNodes,
} from './groups.js';
import { clearHistogram, createHistogram, packHistogram, quantileUs, record, type Histogram } from './histogram.js';
import { createPhases, recordPhases, takePhases } from './phases.js';

/** What a recorder hands over at a tick: the measured side of it. */
export interface Recorded {
  parts: TickPart[];
  phases: Phases<Uint8Array | null>;
  lateness: Uint8Array | null;
  latenessP99Ms: number;
  /** ∫ begun requests dt, request-ms. */
  outstandingIntegralMs: number;
  endedServiceMs: number;
  openAgesMs: number;
  badDurations: number;
  /** Requests sent and not ended, at the tick's end. */
  outstanding: number;
}

export interface TickRecorder extends Recorder {
  /** Takes what was recorded since `fromMs`, the time of the last call. `plannedToMs`: where planned sends end, or ended. */
  take(interval: { fromMs: number; toMs: number; plannedToMs: number }): Recorded;
  /** Planned sends of the whole run dropped for the generator's sake so far. */
  droppedGenerator(): number;
  /** Planned sends of the whole run dropped in the target's name so far. */
  droppedTarget(): number;
}

/** A request that was never sent sorts above one that timed out: one grain of the histogram more. */
const ABOVE_TIMEOUT = 1.001;

interface Part {
  part: TickPart['part'];
  arrived: number;
  sent: number;
  droppedTarget: number;
  droppedGenerator: number;
  answered: number;
  good: number;
  firstGoodMs: number;
  lastGoodMs: number;
  failed: number;
  timedOut: number;
  cutOff: number;
  bytesIn: number;
  bytesOut: number;
  errors: Partial<Record<ErrorKind, number>>;
  bad: Float64Array;
  badByLateness: Float64Array;
  nodes: Uint32Array;
  /** Good answers by whoever a header named. */
  servedBy: Map<string, number>;
  hits: number;
  misses: number;
  groups: Groups;
  namedNodes: NamedNodes;
  response: Histogram;
  service: Histogram;
}

/**
 * Counts and histograms of one thread's share of a run. A request is counted to the part in which it was meant to start. Nothing is
 * allocated per request.
 */
export function createRecorder(order: LoadOrder, nodeIds: readonly string[]): TickRecorder {
  const { thresholdsMs, timeoutMs, warmupMs } = order;
  const warmup = createPart('warmup', order);
  const judged = createPart('judged', order);
  const lateness = createHistogram();
  const phases = createPhases();
  let droppedGenerator = 0;
  let droppedTarget = 0;
  let badDurations = 0;
  let outstanding = 0;
  // Little's law: number of begun requests, the sum of their starts, and the integral, kept at every change.
  let begun = 0;
  let startsMs = 0;
  let integralMs = 0;
  let changedMs = 0;
  let endedServiceMs = 0;

  function part(intendedMs: number): Part {
    // Without a warm-up there is only one part: a timer that fires a little early begins the run a hair before zero.
    return warmupMs > 0 && intendedMs < warmupMs ? warmup : judged;
  }

  function advance(nowMs: number): void {
    integralMs += begun * (nowMs - changedMs);
    changedMs = nowMs;
  }

  function leave(exchange: Exchange, endMs: number): void {
    advance(endMs);
    begun -= 1;
    startsMs -= exchange.startMs;
    endedServiceMs += endMs - exchange.startMs;
  }

  function markBad(to: { bad: Float64Array }, beyondMs: number): void {
    for (let index = 0; index < thresholdsMs.length; index++) if (beyondMs > thresholdsMs[index]!) to.bad[index]! += 1;
  }

  function markLate(to: { badByLateness: Float64Array }, responseMs: number, lateMs: number): void {
    for (let index = 0; index < thresholdsMs.length; index++) {
      const limitMs = thresholdsMs[index]!;
      if (responseMs > limitMs && responseMs - lateMs <= limitMs) to.badByLateness[index]! += 1;
    }
  }

  function markGood(to: Part, exchange: Exchange, responseMs: number): void {
    const { lateMs } = exchange;
    markBad(to, responseMs);
    if (lateMs > 0) markLate(to, responseMs, lateMs);
    for (const group of to.groups.of(exchange)) markGoodIn(group, responseMs, lateMs);
  }

  function markGoodIn(group: Group, responseMs: number, lateMs: number): void {
    group.good += 1;
    markBad(group, responseMs);
    if (lateMs > 0) markLate(group, responseMs, lateMs);
  }

  /** It ended without a good answer after this long. */
  function markLost(to: Part, planned: Planned, beyondMs: number): void {
    markBad(to, beyondMs);
    for (const group of to.groups.of(planned)) markLostIn(group, beyondMs);
  }

  function markLostIn(group: Group, beyondMs: number): void {
    group.failed += 1;
    markBad(group, beyondMs);
  }

  /** Records an ended request of which `serviceMs` was its service time. */
  function end(exchange: Exchange, endMs: number, serviceMs: number): Part {
    leave(exchange, endMs);
    outstanding -= 1;
    const to = part(exchange.intendedMs);
    const responseMs = exchange.startMs - exchange.intendedMs + serviceMs;
    if (!(responseMs >= serviceMs) || !(serviceMs >= 0)) badDurations += 1;
    record(to.response, Math.round(responseMs * 1_000));
    record(to.service, Math.round(serviceMs * 1_000));
    to.bytesIn += exchange.bytesIn;
    for (const group of to.groups.of(exchange)) recordInGroup(group, responseMs, serviceMs);
    return to;
  }

  return {
    arrived(intendedMs, nowMs) {
      part(intendedMs).arrived += 1;
      record(lateness, Math.round((nowMs - intendedMs) * 1_000));
    },
    begun(exchange) {
      advance(exchange.startMs);
      begun += 1;
      startsMs += exchange.startMs;
    },
    sent(exchange) {
      const to = part(exchange.intendedMs);
      to.sent += 1;
      to.bytesOut += exchange.bytesOut;
      for (const group of to.groups.of(exchange)) group.planned += 1;
      outstanding += 1;
    },
    answered(exchange, endMs, error) {
      const to = end(exchange, endMs, endMs - exchange.startMs);
      to.answered += 1;
      recordPhases(phases, exchange, endMs);
      if (error === null) {
        if (to.good === 0) to.firstGoodMs = endMs;
        to.good += 1;
        to.lastGoodMs = endMs;
        countAnswerer(to, exchange);
        if (exchange.cache === 'hit') to.hits += 1;
        else if (exchange.cache === 'miss') to.misses += 1;
        markGood(to, exchange, endMs - exchange.intendedMs);
      } else {
        countError(to, error);
        markLost(to, exchange, Infinity);
      }
      const named = to.namedNodes.of(exchange.servedBy);
      if (named === null) return;
      named.planned += 1;
      recordInGroup(named, endMs - exchange.intendedMs, endMs - exchange.startMs);
      if (error === null) markGoodIn(named, endMs - exchange.intendedMs, exchange.lateMs);
      else markLostIn(named, Infinity);
    },
    failed(exchange, endMs, error) {
      const to = end(exchange, endMs, endMs - exchange.startMs);
      to.failed += 1;
      countError(to, error);
      markLost(to, exchange, Infinity);
    },
    timedOut(exchange, endMs) {
      const to = end(exchange, endMs, timeoutMs);
      to.timedOut += 1;
      countError(to, 'timeout');
      markLost(to, exchange, Infinity);
    },
    cutOff(exchange, endMs) {
      const to = end(exchange, endMs, endMs - exchange.startMs);
      to.cutOff += 1;
      markLost(to, exchange, endMs - exchange.intendedMs);
    },
    refusedLocally(exchange, endMs, error) {
      leave(exchange, endMs);
      droppedGenerator += 1;
      const to = part(exchange.intendedMs);
      to.droppedGenerator += 1;
      for (const group of to.groups.of(exchange)) {
        group.planned += 1;
        group.droppedGenerator += 1;
      }
      countError(to, error);
    },
    dropped(planned, cause, ageMs) {
      const to = part(planned.intendedMs);
      const groups = to.groups.of(planned);
      for (const group of groups) group.planned += 1;
      if (cause === 'generator') {
        to.droppedGenerator += 1;
        droppedGenerator += 1;
        for (const group of groups) group.droppedGenerator += 1;
        return;
      }
      to.droppedTarget += 1;
      droppedTarget += 1;
      const responseMs = Math.max(timeoutMs, ageMs) * ABOVE_TIMEOUT;
      record(to.response, Math.round(responseMs * 1_000));
      for (const group of groups) recordInGroup(group, responseMs, null);
      markLost(to, planned, Infinity);
    },
    droppedGenerator: () => droppedGenerator,
    droppedTarget: () => droppedTarget,
    take({ fromMs, toMs, plannedToMs }) {
      advance(toMs);
      const parts = [
        { part: warmup, spanMs: overlapMs([fromMs, toMs], [0, Math.min(warmupMs, plannedToMs)]) },
        { part: judged, spanMs: overlapMs([fromMs, toMs], [warmupMs, plannedToMs]) },
      ];
      const recorded: Recorded = {
        parts: parts
          .filter((one) => one.spanMs > 0 || hasAnything(one.part))
          .map((one) => ({
            ...toTickPart(one.part, nodeIds),
            spanMs: one.spanMs,
            ...(order.arrivals.model === 'open' ? { arrived: one.part.arrived } : {}),
          })),
        phases: takePhases(phases),
        lateness: packHistogram(lateness),
        latenessP99Ms: quantileUs(lateness, 0.99) / 1_000,
        outstandingIntegralMs: integralMs,
        endedServiceMs,
        openAgesMs: begun === 0 ? 0 : begun * toMs - startsMs,
        badDurations,
        outstanding,
      };
      clear(warmup);
      clear(judged);
      clearHistogram(lateness);
      integralMs = 0;
      endedServiceMs = 0;
      badDurations = 0;
      return recorded;
    },
  };
}

function overlapMs(one: readonly [number, number], other: readonly [number, number]): number {
  return Math.max(0, Math.min(one[1], other[1]) - Math.max(one[0], other[0]));
}

function countAnswerer(to: Part, { node, servedBy }: Exchange): void {
  if (servedBy === null) to.nodes[node]! += 1;
  else to.servedBy.set(servedBy, (to.servedBy.get(servedBy) ?? 0) + 1);
}

function createPart(part: Part['part'], order: LoadOrder): Part {
  return {
    part,
    ...zeros(),
    errors: {},
    bad: new Float64Array(order.thresholdsMs.length),
    badByLateness: new Float64Array(order.thresholdsMs.length),
    nodes: new Uint32Array(order.nodes.length),
    servedBy: new Map(),
    groups: createGroups(order),
    namedNodes: createNamedNodes(order),
    response: createHistogram(),
    service: createHistogram(),
  };
}

function zeros(): Omit<
  Part,
  'part' | 'errors' | 'bad' | 'badByLateness' | 'nodes' | 'servedBy' | 'groups' | 'namedNodes' | 'response' | 'service'
> {
  return {
    hits: 0,
    misses: 0,
    arrived: 0,
    sent: 0,
    droppedTarget: 0,
    droppedGenerator: 0,
    answered: 0,
    good: 0,
    firstGoodMs: 0,
    lastGoodMs: 0,
    failed: 0,
    timedOut: 0,
    cutOff: 0,
    bytesIn: 0,
    bytesOut: 0,
  };
}

function clear(part: Part): void {
  Object.assign(part, zeros());
  part.errors = {};
  part.bad.fill(0);
  part.badByLateness.fill(0);
  part.nodes.fill(0);
  part.servedBy.clear();
  clearHistogram(part.response);
  clearHistogram(part.service);
}

function countError(part: Part, kind: ErrorKind): void {
  part.errors[kind] = (part.errors[kind] ?? 0) + 1;
}

function hasAnything(part: Part): boolean {
  return (
    part.arrived + part.sent + part.droppedTarget + part.droppedGenerator > 0 ||
    part.response.total + part.service.total > 0
  );
}

function toTickPart(part: Part, nodeIds: readonly string[]): TickPart {
  const { sent, droppedTarget, droppedGenerator, answered, good, failed, timedOut, cutOff } = part;
  const planned = sent + droppedTarget + droppedGenerator;
  const namedNodes = part.namedNodes.take();
  const nodes: Record<string, number> = Object.fromEntries(part.servedBy);
  for (const [index, id] of nodeIds.entries())
    if (part.nodes[index]! > 0) nodes[id] = (nodes[id] ?? 0) + part.nodes[index]!;
  return {
    part: part.part,
    counts: { planned, sent, droppedTarget, droppedGenerator, answered, good, failed, timedOut, cutOff },
    errors: part.errors,
    ...(good > 0 ? { goodBetweenMs: [part.firstGoodMs, part.lastGoodMs] } : {}),
    bad: [...part.bad],
    ...(part.badByLateness.some((late) => late > 0) ? { badByLateness: [...part.badByLateness] } : {}),
    responseTime: packHistogram(part.response),
    serviceTime: packHistogram(part.service),
    nodes,
    bytesIn: part.bytesIn,
    bytesOut: part.bytesOut,
    ...(part.groups.all.length > 0 ? { groups: takeGroups(part.groups) } : {}),
    ...(namedNodes === null ? {} : { namedNodes }),
    ...(part.hits + part.misses > 0 ? { cache: { hits: part.hits, misses: part.misses } } : {}),
  };
}
