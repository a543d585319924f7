import type { Shape } from '@hive/contract';
import type { Load, LoadOrder, Tick } from '../measuring.js';
import { createCollector } from '../metrics/collector.js';
import type { Answering } from './answering.js';

/** A rate counts as sent when this share of the planned requests got a good answer. */
const SENT_SHARE = 0.99;

/** Length of the part that is sent and not measured, as a share of the one that is. */
export const WARMUP = 0.3;

/** What a piece of load against the answering side showed of the generator. */
export interface Trial {
  /** Good answers a second. */
  perSecond: number;
  /** Of the busiest sending thread, 0–1. */
  busy: number;
  /** CPU time of the sending threads, all as busy as the busiest, for each answer; null without any. */
  cpuMicrosPerRequest: number | null;
  /** Why the rate was not sent, in words; null: it was, and nothing of the generator's own voids it. */
  fault: string | null;
  ticks: Tick[];
}

/** Puts one load on the answering side. @throws what the load throws. */
export async function tryOut(of: {
  arrivals: LoadOrder['arrivals'];
  lengthMs: number;
  shape: Shape;
  answering: Answering;
  load: Load;
  threads: number;
  signal: AbortSignal;
}): Promise<Trial> {
  const collector = createCollector({ thresholdsMs: [] });
  const ticks: Tick[] = [];
  const order: LoadOrder = {
    nodes: of.answering.nodes(of.shape),
    requests: [{ name: 'doctor', method: 'GET', path: '/', headers: {}, weight: 1 }],
    balance: 'round_robin',
    arrivals: of.arrivals,
    warmupMs: WARMUP * of.lengthMs,
    durationMs: of.lengthMs,
    timeoutMs: 5_000,
    graceMs: 500,
    seed: 1,
    thresholdsMs: [],
    insecure: true,
    allowTargets: [],
    tickMs: Math.min(100, WARMUP * of.lengthMs),
  };
  for await (const tick of of.load.run(order, of.signal)) {
    collector.add(tick);
    ticks.push(tick);
  }
  const judged = ticks.filter(({ phase }) => phase === 'judged');
  const wallMs = sum(judged, ({ fromMs, toMs }) => toMs - fromMs);
  const busyMs = sum(judged, ({ health, fromMs, toMs }) => health.busy * (toMs - fromMs));
  const answered = sum(judged, ({ parts }) => sum(parts, ({ counts }) => counts.answered));
  return {
    perSecond: collector.judged().throughputPerSecond,
    busy: wallMs > 0 ? busyMs / wallMs : 0,
    cpuMicrosPerRequest: answered > 0 ? (busyMs * of.threads * 1_000) / answered : null,
    fault: faultOf(collector),
    ticks,
  };
}

function faultOf(collector: ReturnType<typeof createCollector>): string | null {
  const { status, reasons } = collector.validity();
  if (status === 'invalid') return reasons.join('; ');
  const { planned, good } = collector.whole().counts;
  return good >= SENT_SHARE * planned ? null : `${good} of ${planned} planned requests were answered`;
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
