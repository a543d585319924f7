import type { GeneratorHealth, LostGenerator, Tick } from '../measuring.js';
import { addEncoded } from './histogram-decoding.js';
import { createHistogram, quantileUs } from './histogram.js';
import type { ValidityFacts } from './validity.js';

/** What counts as the end of a run, ms. */
const END_MS = 800;

/** What the generator said of itself: how well it kept up in what is judged, and whether its bookkeeping closes over the whole run. */
export interface HealthLog {
  add(tick: Tick): void;
  facts(): Omit<ValidityFacts, 'counts' | 'judged' | 'errors' | 'recorded' | 'strictestMs'>;
}

/** Sums the health of ticks. Shares are weighted by the ticks' lengths. */
export function createHealthLog(): HealthLog {
  const lateness = createHistogram();
  let wallMs = 0;
  let busyMs = 0;
  let machineMs = 0;
  let machineBusyMs = 0;
  let machineStealMs = 0;
  let integralMs = 0;
  let endedMs = 0;
  let newest: GeneratorHealth | undefined;
  let outstanding = 0;
  let badDurations = 0;
  let clockJumpMs = 0;
  let gaveUp = false;
  let lost: readonly LostGenerator[] = [];
  let startSpreadMs = 0;
  let newestTicks: { busy: number; spanMs: number }[] = [];

  function keepUp(tick: Tick): void {
    const { health, fromMs, toMs } = tick;
    const spanMs = Math.max(0, toMs - fromMs);
    wallMs += spanMs;
    busyMs += health.busy * spanMs;
    if (health.machineBusy !== undefined) {
      machineMs += spanMs;
      machineBusyMs += health.machineBusy * spanMs;
      machineStealMs += (health.machineSteal ?? 0) * spanMs;
    }
    if (health.lateness) addEncoded(lateness, health.lateness);
    if (tick.phase !== 'judged') return;
    newestTicks.push({ busy: health.busy, spanMs });
    while (newestTicks.slice(1).reduce((sum, one) => sum + one.spanMs, 0) >= END_MS) newestTicks = newestTicks.slice(1);
  }

  function busyAtEnd(): number {
    const spanMs = newestTicks.reduce((sum, one) => sum + one.spanMs, 0);
    return spanMs === 0 ? 0 : newestTicks.reduce((sum, one) => sum + one.busy * one.spanMs, 0) / spanMs;
  }

  return {
    add(tick) {
      const { health, outstanding: open, endedEarly } = tick;
      gaveUp ||= endedEarly === 'generator_overloaded';
      lost = tick.lost ?? lost;
      startSpreadMs = Math.max(startSpreadMs, tick.startSpreadMs ?? 0);
      if (tick.phase !== 'warmup') keepUp(tick);
      integralMs += health.outstandingIntegralMs;
      endedMs += health.endedServiceMs - (newest?.openAgesMs ?? 0) + health.openAgesMs;
      badDurations += health.badDurations ?? 0;
      clockJumpMs = Math.max(clockJumpMs, Math.abs(health.clockJumpMs));
      outstanding = open;
      newest = health;
    },
    facts: () => ({
      outstanding,
      latenessP99Ms: lateness.total === 0 ? null : quantileUs(lateness, 0.99) / 1_000,
      busy: wallMs === 0 ? 0 : busyMs / wallMs,
      busyAtEnd: busyAtEnd(),
      eventLoopDelayP99Ms: newest?.eventLoopDelayP99Ms ?? 0,
      machineBusy: machineMs === 0 ? null : machineBusyMs / machineMs,
      machineSteal: machineMs === 0 ? null : machineStealMs / machineMs,
      little: { integralMs, servedMs: endedMs },
      badDurations,
      clockJumpMs,
      gaveUp,
      lost,
      startSpreadMs,
    }),
  };
}
