import type { Load, LoadOrder, Tick, TickPart } from '@hive/engine';

/** 90 values of 20 ms and 10 of 40 ms. */
const HISTOGRAM = Buffer.from('HISTFAAAACp4nJNpmSzMwMDAzsDAwMjAwMDMAAEgNgPz5HYGGP9w8BbGv/wiAF1gBVw=', 'base64');
const HISTOGRAM_COUNT = 100;

export interface FakeLoad extends Load {
  readonly orders: LoadOrder[];
  /** Real milliseconds between two ticks. Changed at will while it runs. */
  tickEveryMs: number;
}

/** A load that dials nothing: of an open order above `capacityPerSecond`, and of a closed one above `slots`, every request is too slow. */
export function createFakeLoad({ capacityPerSecond = 400, slots = 8, tickEveryMs = 0 } = {}): FakeLoad {
  const load: FakeLoad = {
    orders: [],
    tickEveryMs,
    async *run(order, signal) {
      load.orders.push(order);
      const endMs = order.warmupMs + order.durationMs;
      for (let fromMs = 0; fromMs < endMs; fromMs += order.tickMs) {
        await pause(load.tickEveryMs, signal);
        const toMs = Math.min(endMs, fromMs + order.tickMs);
        const last = signal.aborted || toMs >= endMs;
        yield {
          ...tick(order, { fromMs, toMs, tooMuch: isTooMuch(order, { capacityPerSecond, slots, atMs: fromMs }) }),
          last,
          ...(signal.aborted ? { endedEarly: 'aborted' as const } : {}),
        };
        if (last) return;
      }
    },
    async close() {},
  };
  return load;
}

function isTooMuch(
  { arrivals }: LoadOrder,
  { capacityPerSecond, slots, atMs }: { capacityPerSecond: number; slots: number; atMs: number },
) {
  if (arrivals.model === 'closed') return arrivals.connections > slots;
  let fromMs = 0;
  const now = arrivals.stages.find(({ durationMs }) => (fromMs += durationMs) > atMs) ?? arrivals.stages.at(-1);
  return (now?.toPerSecond ?? 0) > capacityPerSecond;
}

function tick(order: LoadOrder, at: { fromMs: number; toMs: number; tooMuch: boolean }): Omit<Tick, 'last'> {
  const warm = at.fromMs < order.warmupMs;
  const planned = HISTOGRAM_COUNT;
  const part: TickPart = {
    part: warm ? 'warmup' : 'judged',
    counts: {
      planned,
      sent: planned,
      droppedTarget: 0,
      droppedGenerator: 0,
      answered: planned,
      good: planned,
      failed: 0,
      timedOut: 0,
      cutOff: 0,
    },
    errors: {},
    bad: order.thresholdsMs.map(() => (at.tooMuch ? planned : 0)),
    responseTime: HISTOGRAM,
    serviceTime: HISTOGRAM,
    nodes: {},
    bytesIn: 1_000,
    bytesOut: 500,
  };
  return {
    fromMs: at.fromMs,
    toMs: at.toMs,
    phase: part.part,
    parts: [part],
    connections: 8,
    peakConnections: 8,
    outstanding: 0,
    waiting: 0,
    health: {
      lateness: null,
      latenessP99Ms: 0.1,
      busy: 0.1,
      eventLoopDelayP99Ms: 0.5,
      outstandingIntegralMs: 20 * planned,
      endedServiceMs: 20 * planned,
      openAgesMs: 0,
      clockJumpMs: 0,
    },
  };
}

/** Ends early when aborted. Even without a pause the event loop gets its turn. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
