import { addCounts, noCounts, type Latency, type Window } from '@hive/contract';
import { mergeHistograms, mergeLatency } from '@hive/engine';
import { mergeReadable } from '../../readable-histograms.js';
import type { KeptWindow } from '../store.js';

const MINUTE_MS = 60_000;
/** What the database can number. */
const LAST_MINUTE = 2 ** 31 - 1;

/** Which minute of its run a window belongs to; what comes before the first planned send, to the first. */
export function minuteOf({ fromMs }: Window): number {
  return Math.min(LAST_MINUTE, Math.max(0, Math.floor(fromMs / MINUTE_MS)));
}

/**
 * The windows of one interval, oldest first and at least one, as one window. Percentiles are those of all values together. What was counted
 * apart by class, node and region has no histograms here and is left out.
 */
export function mergeWindows(kept: readonly KeptWindow[]): KeptWindow {
  const windows = kept.map(({ window }) => window);
  const [first, last] = [windows[0] as Window, windows.at(-1) as Window];
  const responseTime = mergeKept(kept.map((one) => one.responseTime));
  const serviceTime = mergeKept(kept.map((one) => one.serviceTime));
  const responseTimeMs = latencyOf(responseTime);
  const serviceTimeMs = latencyOf(serviceTime);
  const counts = noCounts();
  for (const window of windows) addCounts(counts, window.counts);
  const { byClass: _byClass, byNode: _byNode, byRegion: _byRegion, ...end } = last;
  const perSecond = (value: (window: Window) => number): number => mean(windows, value);
  const caches = windows.flatMap(({ cache }) => cache ?? []);
  return {
    window: {
      ...end,
      fromMs: first.fromMs,
      phase: windows.find(({ phase }) => phase === 'judged')?.phase ?? last.phase,
      counts,
      errors: sums(windows.map(({ errors }) => errors)),
      nodes: sums(windows.map(({ nodes }) => nodes)) as Window['nodes'],
      offeredPerSecond: perSecond((window) => window.offeredPerSecond),
      throughputPerSecond: perSecond((window) => window.throughputPerSecond),
      responseTimeMs,
      serviceTimeMs,
      waitingMs: Math.max(0, responseTimeMs.mean - serviceTimeMs.mean),
      bytesIn: total(windows.map(({ bytesIn }) => bytesIn)),
      bytesOut: total(windows.map(({ bytesOut }) => bytesOut)),
      latenessP99Ms: Math.max(...windows.map(({ latenessP99Ms }) => latenessP99Ms)),
      generatorBusy: Math.min(
        1,
        perSecond((window) => window.generatorBusy),
      ),
      ...(caches.length > 0 && {
        cache: { hits: total(caches.map(({ hits }) => hits)), misses: total(caches.map(({ misses }) => misses)) },
      }),
    },
    responseTime,
    serviceTime,
  };
}

/** Weighted by the length of the windows; of windows without length, the plain mean. */
function mean(windows: readonly Window[], value: (window: Window) => number): number {
  const lengths = windows.map(({ fromMs, toMs }) => Math.max(0, toMs - fromMs));
  const all = total(lengths);
  if (all === 0) return total(windows.map(value)) / windows.length;
  return total(windows.map((window, index) => value(window) * (lengths[index] as number))) / all;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function sums(several: readonly Partial<Record<string, number>>[]): Partial<Record<string, number>> {
  const summed: Record<string, number> = {};
  for (const one of several)
    for (const [name, count] of Object.entries(one)) summed[name] = (summed[name] ?? 0) + (count ?? 0);
  return summed;
}

function mergeKept(encoded: readonly (Uint8Array | null)[]): Uint8Array | null {
  return mergeReadable(
    encoded.filter((one) => one !== null),
    mergeHistograms,
  );
}

function latencyOf(encoded: Uint8Array | null): Latency {
  return mergeLatency(encoded === null ? [] : [encoded]);
}
