import { toTarget, type Kind } from '@hive/contract';
import type { Ask } from '../../src/checking/ask.js';
import { realOutside } from '../../src/execution/outside.js';
import type { Load, LoadOrder, Tick } from '../../src/measuring.js';
import { createHistogram, encodeHistogram, record } from '../../src/metrics/histogram.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import { rateAt } from '../../src/execution/looks/chirp-watch.js';
import { train } from '../../src/training/training.js';
import type { TrainOptions } from '../../src/training/options.js';
import { machineThat, QUIET } from '../machine/usages.js';
import { createVirtualClock, type VirtualClock } from '../../src/virtual/clock.js';

/** A target that is never dialled. */
export const target = toTarget({ url: 'http://127.0.0.1:1' }, 'shop');

function recorded(times: number, valueUs: number): Uint8Array | null {
  const histogram = createHistogram();
  for (let n = 0; n < times; n += 1) record(histogram, valueUs);
  return encodeHistogram(histogram);
}

/** A target without queue, and the generator before it. */
export interface Service {
  /** Requests a second, or connections, beyond which every request is too slow. */
  limit: number;
  /** The generator cannot send more than this. */
  generatorLimit?: number;
  /** Overloaded requests never come back: the target must be seen to recover. */
  hangs?: boolean;
  /** What a request takes that is not too much, ms. */
  takesMs?: number;
  /** What is too much is refused. */
  refuses?: boolean;
  /** What is too much makes one in ten late, in one tick of each run. */
  hiccups?: boolean;
}

/** The load of a session against such a service, in virtual time; what it was asked for is in `orders`. */
export function virtualLoad(clock: VirtualClock, service: Service): Load & { orders: LoadOrder[] } {
  const orders: LoadOrder[] = [];
  return {
    orders,
    async *run(order, signal) {
      orders.push(order);
      const { arrivals } = order;
      const endMs = order.warmupMs + order.durationMs;
      let due = 0;
      for (let fromMs = 0; ; fromMs += order.tickMs) {
        clock.advance(order.tickMs);
        await new Promise((resolve) => setImmediate(resolve));
        const toMs = fromMs + order.tickMs;
        const intensity =
          arrivals.model === 'closed' ? arrivals.connections : rateAt(arrivals.stages, (fromMs + toMs) / 2);
        const perSecond = arrivals.model === 'closed' ? 400 : intensity;
        const last = signal.aborted || toMs >= endMs;
        due += (perSecond * order.tickMs) / 1_000;
        const planned = Math.round(due);
        due -= planned;
        yield tickOf(order, { fromMs, toMs, last, intensity, planned });
        if (last) return;
      }
    },
    async close() {},
  };

  function tickOf(
    order: LoadOrder,
    at: { fromMs: number; toMs: number; last: boolean; intensity: number; planned: number },
  ): Tick {
    const tooMuch = at.intensity > service.limit && !service.hiccups;
    const hiccup = service.hiccups && at.intensity > service.limit && at.fromMs - order.warmupMs === 4 * order.tickMs;
    const isLost = tooMuch && (service.refuses || service.hangs);
    const badOf = (late: boolean): number => (isLost || late ? at.planned : hiccup ? Math.ceil(at.planned / 10) : 0);
    const droppedGenerator = at.intensity > (service.generatorLimit ?? Infinity) ? at.planned : 0;
    const sent = at.planned - droppedGenerator;
    const cutOff = tooMuch && service.hangs ? sent : 0;
    const answered = sent - cutOff;
    const { takesMs = 20, refuses = false } = service;
    const tookMs = tooMuch && !refuses ? 300 : takesMs;
    const good = tooMuch && refuses ? 0 : answered;
    const histogram = recorded(sent, tookMs * 1_000);
    return {
      fromMs: at.fromMs,
      toMs: at.toMs,
      last: at.last,
      phase: at.fromMs < order.warmupMs ? 'warmup' : 'judged',
      parts: [
        {
          part: at.fromMs < order.warmupMs ? 'warmup' : 'judged',
          counts: {
            planned: at.planned,
            sent,
            droppedTarget: 0,
            droppedGenerator,
            answered,
            good,
            failed: 0,
            timedOut: 0,
            cutOff,
          },
          errors: {},
          bad: order.thresholdsMs.map((thresholdMs) => badOf(tookMs > thresholdMs)),
          responseTime: histogram,
          serviceTime: histogram,
          nodes: {},
          bytesIn: 0,
          bytesOut: 0,
        },
      ],
      connections: 1,
      peakConnections: 1,
      outstanding: 0,
      waiting: 0,
      health: {
        lateness: null,
        latenessP99Ms: 0,
        busy: 0,
        eventLoopDelayP99Ms: 0,
        outstandingIntegralMs: 20 * sent,
        endedServiceMs: 20 * sent,
        openAgesMs: 0,
        clockJumpMs: 0,
      },
    };
  }
}

/** Whoever asks for one thing alone gets it. */
export const answering: Ask = () => Promise.resolve({ type: 'answered', status: 200, location: null, ms: 20 });

/** A whole training session in virtual time. */
export async function session(
  service: Service,
  more: Partial<TrainOptions> & { kinds?: readonly Kind[] } = {},
  heard: (event: TrainingEvent) => void = () => undefined,
) {
  const clock = createVirtualClock();
  const load = virtualLoad(clock, service);
  const events: TrainingEvent[] = [];
  const options: TrainOptions = {
    target,
    kinds: ['load_balancing'],
    budgetMs: 240_000,
    precision: 0.05,
    seed: 1,
    load,
    clock,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
    history: [],
    outside: { ...realOutside, ask: answering, watchMachine: () => machineThat(() => QUIET) },
    ...more,
  };
  for await (const event of train(options)) {
    events.push(event);
    heard(event);
  }
  const ended = events.at(-1);
  if (ended?.type !== 'ended') throw new Error('a session must end with `ended`');
  return { events, ended, clock, load };
}
