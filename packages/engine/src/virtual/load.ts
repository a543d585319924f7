import { nodeName } from '@hive/contract';
import { drawOn } from '../allowance.js';
import type { Load, LoadOrder, Tick } from '../measuring.js';
import { createRecorder } from '../metrics/recorder.js';
import { createRandom } from '../random.js';
import type { VirtualClock } from './clock.js';
import { createEvents } from './events.js';
import { startClosed, startOpen } from './loops.js';
import type { VirtualService } from './service.js';
import { createTraffic } from './traffic.js';

/**
 * A load generator in virtual time, for benchmarks and tests: the real pacers, balances, draws and recorder, and a simulated service instead of sockets. It is never
 * late, and its own machine is idle.
 */
export function createVirtualLoad(clock: VirtualClock, service: VirtualService): Load {
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
  const allowance = drawOn(order.allowance);
  const traffic = createTraffic({ order, service, startedMs, recorder, events, allowance });
  const start = arrivals.model === 'open' ? startOpen : startClosed;
  const loop = start({ order, traffic, recorder, events, allowance, random: createRandom(seed + 0x1_0000_0000) });
  let plannedToMs = plannedMs;
  let state: 'running' | 'draining' | 'ended' = 'running';
  let isAborted = false;

  function stop(nowMs: number): void {
    if (state !== 'running') return;
    state = 'draining';
    plannedToMs = Math.min(nowMs, plannedMs);
    loop.stop(plannedToMs);
  }

  function end(nowMs: number, overdue: boolean): void {
    traffic.cutOff(nowMs, overdue);
    state = 'ended';
  }

  return {
    goOn(toMs) {
      if (state === 'running') {
        events.until(Math.min(toMs, plannedMs));
        if (toMs >= plannedMs || loop.isFinished()) stop(toMs);
      }
      events.until(toMs);
      if (state === 'draining' && (traffic.underWay() === 0 || toMs >= plannedToMs + order.graceMs)) end(toMs, true);
    },
    abort(nowMs) {
      if (state === 'ended') return;
      isAborted = true;
      stop(nowMs);
      end(nowMs, false);
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
