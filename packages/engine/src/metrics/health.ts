import type { GeneratorHealth, Tick } from '../measuring.js';
import { addEncoded } from './histogram-decoding.js';
import { createHistogram, quantileUs } from './histogram.js';
import type { ValidityFacts } from './validity.js';

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

  function keepUp({ health, fromMs, toMs }: Tick): void {
    const spanMs = Math.max(0, toMs - fromMs);
    wallMs += spanMs;
    busyMs += health.busy * spanMs;
    if (health.machineBusy !== undefined) {
      machineMs += spanMs;
      machineBusyMs += health.machineBusy * spanMs;
      machineStealMs += (health.machineSteal ?? 0) * spanMs;
    }
    if (health.lateness) addEncoded(lateness, health.lateness);
  }

  return {
    add(tick) {
      const { health, outstanding: open, endedEarly } = tick;
      gaveUp ||= endedEarly === 'generator_overloaded';
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
      eventLoopDelayP99Ms: newest?.eventLoopDelayP99Ms ?? 0,
      machineBusy: machineMs === 0 ? null : machineBusyMs / machineMs,
      machineSteal: machineMs === 0 ? null : machineStealMs / machineMs,
      little: { integralMs, servedMs: endedMs },
      badDurations,
      clockJumpMs,
      gaveUp,
    }),
  };
}
