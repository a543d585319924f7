import type { Exchange, LoadOrder, Tick } from '../../src/measuring.js';
import { createCollector, type Collector } from '../../src/metrics/collector.js';
import type { Recorded, TickRecorder } from '../../src/metrics/recorder.js';

/** 100 ms of warm-up and 900 ms that are judged, 10/s; a time-out of 500 ms. */
export const ORDER: LoadOrder = {
  nodes: [{ url: 'http://127.0.0.1:1', weight: 1 }],
  requests: [{ name: 'default', method: 'GET', path: '/', headers: {}, weight: 1 }],
  balance: 'round_robin',
  arrivals: {
    model: 'open',
    arrivals: 'constant',
    stages: [{ durationMs: 1_000, fromPerSecond: 10, toPerSecond: 10 }],
    maxConnections: 10,
    maxWaiting: 10,
  },
  warmupMs: 100,
  durationMs: 900,
  timeoutMs: 500,
  graceMs: 100,
  seed: 1,
  thresholdsMs: [20, 50],
  insecure: false,
  allowTargets: [],
  tickMs: 250,
};

export const exchange = (intendedMs: number, startMs = intendedMs): Exchange => ({
  node: 0,
  requestClass: 0,
  intendedMs,
  lateMs: 0,
  startMs,
  connectedMs: Number.NaN,
  securedMs: Number.NaN,
  firstByteMs: Number.NaN,
  bytesIn: 100,
  bytesOut: 10,
  status: 0,
  detail: null,
  cache: null,
  servedBy: null,
});

/** Begins and sends a request. */
export const begin = (recorder: TickRecorder, intendedMs: number, startMs = intendedMs): Exchange => {
  const one = exchange(intendedMs, startMs);
  recorder.begun(one);
  recorder.sent(one);
  return one;
};

export const take = (recorder: TickRecorder, fromMs = 0, toMs = 1_000): Recorded =>
  recorder.take({ fromMs, toMs, plannedToMs: 1_000 });

/** Makes a tick of what a recorder handed over, as a healthy generator would. */
export const toTick = (recorded: Recorded, more: Partial<Tick> = {}): Tick => {
  const { parts, phases, outstanding, ...measured } = recorded;
  return {
    fromMs: 0,
    toMs: 1_000,
    phase: 'judged',
    parts,
    phases,
    connections: 1,
    peakConnections: 1,
    outstanding,
    waiting: 0,
    health: { ...measured, busy: 0.1, eventLoopDelayP99Ms: 0, clockJumpMs: 0 },
    last: true,
    ...more,
  };
};

export const collect = (...ticks: Tick[]): Collector => {
  const collector = createCollector({ thresholdsMs: ORDER.thresholdsMs });
  for (const tick of ticks) collector.add(tick);
  return collector;
};
