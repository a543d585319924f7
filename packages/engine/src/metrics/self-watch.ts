import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { GeneratorHealth } from '../measuring.js';
import { machineCpu, threadCpuMs, type MachineCpu } from './thread-cpu.js';

const DELAY_RESOLUTION_MS = 10;

type OwnHealth = Pick<GeneratorHealth, 'busy' | 'eventLoopDelayP99Ms' | 'clockJumpMs' | 'machineBusy' | 'machineSteal'>;

/** Watches the thread it runs in, and with `machine` the whole machine, between one call of `take` and the next. */
export function createSelfWatch(options: { machine: boolean }): {
  /** `spinMs`: time in empty turns of the event loop since the start, which is no work. */
  take(spinMs: number): OwnHealth;
  /** Stalls of the event loop so far are not held against it. */
  forgive(): void;
  close(): void;
} {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  let last = reading(0, options.machine);
  return {
    take(spinMs) {
      const now = reading(spinMs, options.machine);
      const wallMs = Math.max(1e-3, now.monotonicMs - last.monotonicMs);
      const workMs = now.cpuMs - last.cpuMs - (now.spinMs - last.spinMs);
      const health: OwnHealth = {
        busy: Math.min(1, Math.max(0, workMs / wallMs)),
        eventLoopDelayP99Ms: delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / 1e6 - DELAY_RESOLUTION_MS),
        clockJumpMs: now.clockMs - last.clockMs - wallMs,
        ...machineShares(last.machine, now.machine),
      };
      last = now;
      return health;
    },
    forgive: () => delay.reset(),
    close: () => delay.disable(),
  };
}

function reading(
  spinMs: number,
  machine: boolean,
): { monotonicMs: number; clockMs: number; cpuMs: number; spinMs: number; machine: MachineCpu | null } {
  return {
    monotonicMs: performance.now(),
    clockMs: Date.now(),
    cpuMs: threadCpuMs(),
    spinMs,
    machine: machine ? machineCpu() : null,
  };
}

function machineShares(
  from: MachineCpu | null,
  to: MachineCpu | null,
): Pick<GeneratorHealth, 'machineBusy' | 'machineSteal'> {
  if (from === null || to === null || to.total <= from.total) return {};
  const total = to.total - from.total;
  return { machineBusy: 1 - (to.idle - from.idle) / total, machineSteal: (to.steal - from.steal) / total };
}
