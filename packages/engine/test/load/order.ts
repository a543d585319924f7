import { untilJudged } from '../../../../test/until-judged.js';
import type { LoadOrder, Tick } from '../../src/measuring.js';
import { createCollector, type Collector } from '../../src/metrics/collector.js';
import type { Load } from '../../src/measuring.js';

type Open = Extract<LoadOrder['arrivals'], { model: 'open' }>;

/** Constant arrivals at one rate. */
export function constant(perSecond: number, more: Partial<Open> = {}): Open {
  return {
    model: 'open',
    arrivals: 'constant',
    stages: [{ durationMs: 1_000, fromPerSecond: perSecond, toPerSecond: perSecond }],
    maxConnections: 100,
    maxWaiting: 1_000,
    ...more,
  };
}

/** A small order on one node; everything can be said otherwise. */
export function order(url: string, more: Partial<LoadOrder> = {}): LoadOrder {
  return {
    nodes: [{ url, weight: 1 }],
    requests: [{ name: 'default', method: 'GET', path: '/', headers: {}, weight: 1 }],
    balance: 'round_robin',
    arrivals: constant(20),
    warmupMs: 0,
    durationMs: 200,
    timeoutMs: 400,
    graceMs: 2_000,
    seed: 1,
    thresholdsMs: [100],
    insecure: false,
    allowTargets: [],
    tickMs: 100,
    ...more,
  };
}

/** Runs an order to its end. */
export async function collect(
  load: Load,
  what: LoadOrder,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ collector: Collector; ticks: Tick[] }> {
  return follow(load, what, { signal });
}

/** The same; `seen` is told what came so far after each tick. */
export async function follow(
  load: Load,
  what: LoadOrder,
  { signal = new AbortController().signal, seen }: { signal?: AbortSignal; seen?: (ticks: readonly Tick[]) => void },
): Promise<{ collector: Collector; ticks: Tick[] }> {
  const collector = createCollector({ thresholdsMs: what.thresholdsMs });
  const ticks: Tick[] = [];
  for await (const tick of load.run(what, signal)) {
    collector.add(tick);
    ticks.push(tick);
    seen?.(ticks);
  }
  return { collector, ticks };
}

/** Runs an order to its end, again while the generator says that it could not send all: something else had the processor. */
export async function collectAll(
  what: string,
  load: Load,
  asked: LoadOrder,
): Promise<{ collector: Collector; ticks: Tick[] }> {
  return untilJudged(
    what,
    () => collect(load, asked),
    ({ collector }) => {
      const { droppedGenerator } = collector.whole().counts;
      return droppedGenerator > 0
        ? { status: 'invalid', reasons: [`${droppedGenerator} requests were never sent`] }
        : { status: 'valid', reasons: [] };
    },
  );
}

/** The sentences of a verdict on validity that speak of Hive's own bookkeeping, not of how busy the machine is. */
export function bookkeeping(collector: Collector): string[] {
  return collector.validity().reasons.filter((reason) => /add up|close:/.test(reason));
}
