import type { Exchange, LoadOrder, Phases, Planned, Recorder, TickPart } from '../measuring.js';
import { recordInGroup, type Group } from './groups.js';
import { clearHistogram, createHistogram, packHistogram, quantileUs, record } from './histogram.js';
import { createPhases, recordPhases, takePhases } from './phases.js';
import { clear, countAnswerer, countError, createPart, hasAnything, toTickPart, type Part } from './recorded-part.js';

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

/**
 * Counts and histograms of one thread's share of a run. A request is counted to the part in which it was meant to start. Nothing is
 * allocated per request.
 */
export function createRecorder(order: LoadOrder, nodeIds: readonly string[]): TickRecorder {
  const { thresholdsMs, timeoutMs, warmupMs, firstByteThresholds = [] } = order;
  const byResponse = thresholdsMs.map((_, index) => index).filter((index) => !firstByteThresholds.includes(index));
  const byFirstByte = [...firstByteThresholds];
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

  /** `firstMs`: to the first byte of the body. */
  function markBad(to: { bad: Float64Array }, beyondMs: number, firstMs: number): void {
    for (const index of byResponse) if (beyondMs > thresholdsMs[index]!) to.bad[index]! += 1;
    for (const index of byFirstByte) if (firstMs > thresholdsMs[index]!) to.bad[index]! += 1;
  }

  function markLate(to: { badByLateness: Float64Array }, exchange: Exchange, responseMs: number): void {
    const firstMs = firstMsOf(exchange, responseMs);
    for (let index = 0; index < thresholdsMs.length; index++) {
      const limitMs = thresholdsMs[index]!;
      const tookMs = byFirstByte.includes(index) ? firstMs : responseMs;
      if (tookMs > limitMs && tookMs - exchange.lateMs <= limitMs) to.badByLateness[index]! += 1;
    }
  }

  function markGood(to: Part, exchange: Exchange, responseMs: number): void {
    markBad(to, responseMs, firstMsOf(exchange, responseMs));
    if (exchange.lateMs > 0) markLate(to, exchange, responseMs);
    for (const group of to.groups.of(exchange)) markGoodIn(group, exchange, responseMs);
  }

  function markGoodIn(group: Group, exchange: Exchange, responseMs: number): void {
    group.good += 1;
    markBad(group, responseMs, firstMsOf(exchange, responseMs));
    if (exchange.lateMs > 0) markLate(group, exchange, responseMs);
  }

  /** It ended without a good answer after this long. One whose body had begun in time broke later. */
  function markLost(to: Part, planned: Planned, [beyondMs, firstMs]: readonly [number, number]): void {
    markBad(to, beyondMs, firstMs);
    for (const group of to.groups.of(planned)) markLostIn(group, [beyondMs, firstMs]);
  }

  function markLostIn(group: Group, [beyondMs, firstMs]: readonly [number, number]): void {
    group.failed += 1;
    markBad(group, beyondMs, firstMs);
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
    const firstMs = firstMsOf(exchange, responseMs);
    record(to.firstByte, Math.round(firstMs * 1_000));
    to.bytesIn += exchange.bytesIn;
    for (const group of to.groups.of(exchange)) recordInGroup(group, { responseMs, serviceMs, firstMs });
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
      to.statuses[exchange.status]! += 1;
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
        countError(to, exchange, error);
        markLost(to, exchange, NEVER);
      }
      const named = to.namedNodes.of(exchange.servedBy);
      if (named === null) return;
      named.planned += 1;
      const responseMs = endMs - exchange.intendedMs;
      const firstMs = firstMsOf(exchange, responseMs);
      recordInGroup(named, { responseMs, serviceMs: endMs - exchange.startMs, firstMs });
      if (error === null) markGoodIn(named, exchange, responseMs);
      else markLostIn(named, NEVER);
    },
    failed(exchange, endMs, error) {
      const to = end(exchange, endMs, endMs - exchange.startMs);
      to.failed += 1;
      countError(to, exchange, error);
      markLost(to, exchange, [Infinity, firstMsOf(exchange, Infinity)]);
    },
    timedOut(exchange, endMs) {
      const to = end(exchange, endMs, timeoutMs);
      to.timedOut += 1;
      countError(to, exchange, 'timeout');
      markLost(to, exchange, [Infinity, firstMsOf(exchange, Infinity)]);
    },
    cutOff(exchange, endMs) {
      const to = end(exchange, endMs, endMs - exchange.startMs);
      to.cutOff += 1;
      const ageMs = endMs - exchange.intendedMs;
      markLost(to, exchange, [ageMs, firstMsOf(exchange, ageMs)]);
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
      countError(to, exchange, error);
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
      record(to.firstByte, Math.round(responseMs * 1_000));
      for (const group of groups) recordInGroup(group, { responseMs, serviceMs: null, firstMs: responseMs });
      markLost(to, planned, NEVER);
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

/** Not answered within any time. */
const NEVER = [Infinity, Infinity] as const;

/** From the intended start to the first byte of the body; `elseMs` where none came before the end. */
function firstMsOf({ firstByteMs, intendedMs }: Exchange, elseMs: number): number {
  return Number.isNaN(firstByteMs) ? elseMs : firstByteMs - intendedMs;
}

function overlapMs(one: readonly [number, number], other: readonly [number, number]): number {
  return Math.max(0, Math.min(one[1], other[1]) - Math.max(one[0], other[0]));
}
