import { noCounts } from '@hive/contract';
import { plannedUntil, type LoadOrder, type Tick, type TickPart } from '@hive/engine';
import { stillOf } from './merger.js';

/** Planned requests by the part of the run that they belong to. */
export type PlannedCounts = Record<TickPart['part'], number>;

/**
 * The last tick of a load generator that fell silent: what it was to send and did not report is counted as planned and dropped by the generator.
 * @returns also how many those are
 */
export function lastTickOf(
  order: LoadOrder,
  heard: { newest: Tick | null; reported: PlannedCounts; untilMs: number },
): { tick: Tick; unaccounted: number } {
  const { newest, reported, untilMs } = heard;
  const planned = plannedUntil(order, untilMs) ?? { warmup: 0, judged: 0 };
  const silentIn = (fromMs: number, toMs: number): number =>
    Math.max(0, Math.min(untilMs, toMs) - Math.max(newest?.toMs ?? 0, fromMs));
  const spanMs = {
    warmup: silentIn(0, order.warmupMs),
    judged: silentIn(order.warmupMs, order.warmupMs + order.durationMs),
  };
  const parts = (['warmup', 'judged'] as const).flatMap((part): TickPart[] => {
    const missing = Math.max(0, planned[part] - reported[part]);
    if (missing === 0) return [];
    const counts = { ...noCounts(), planned: missing, droppedGenerator: missing };
    const nothing = { errors: {}, bad: order.thresholdsMs.map(() => 0), nodes: {}, bytesIn: 0, bytesOut: 0 };
    return [
      { part, spanMs: spanMs[part], arrived: missing, counts, ...nothing, responseTime: null, serviceTime: null },
    ];
  });
  const unaccounted = parts.reduce((sum, part) => sum + part.counts.planned, 0);
  return { tick: { ...stillOf(newest ?? EMPTY, true), parts }, unaccounted };
}

const EMPTY: Tick = {
  fromMs: 0,
  toMs: 0,
  phase: 'grace',
  parts: [],
  connections: 0,
  peakConnections: 0,
  outstanding: 0,
  waiting: 0,
  health: {
    lateness: null,
    latenessP99Ms: 0,
    busy: 0,
    eventLoopDelayP99Ms: 0,
    outstandingIntegralMs: 0,
    endedServiceMs: 0,
    openAgesMs: 0,
    clockJumpMs: 0,
  },
  last: true,
};
