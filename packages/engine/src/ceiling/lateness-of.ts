import type { Tick } from '../measuring.js';
import { quantileMs } from '../metrics/collector.js';
import { joinHistograms } from '../metrics/merge.js';

/** Lateness of sends over some ticks, ms; zero where nothing was sent. */
export function latenessOf(ticks: readonly Tick[]): { latenessP50Ms: number; latenessP99Ms: number } {
  const joined = joinHistograms(ticks.map(({ health }) => health.lateness));
  if (joined === null) return { latenessP50Ms: 0, latenessP99Ms: 0 };
  return { latenessP50Ms: quantileMs(joined, 0.5), latenessP99Ms: quantileMs(joined, 0.99) };
}
