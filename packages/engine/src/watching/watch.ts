import { HiveError } from '@hive/contract';
import type { Clock } from '../clock.js';
import { watchPage } from './page-watch.js';
import { canWatchProcesses, watchProcess } from './process-watch.js';
import type { WatchSample } from './sample.js';
import { parseSelector, type SeriesSelector } from './series-selector.js';

const EVERY_MS = 1_000;

export interface WatchOptions {
  /** A process of this machine. */
  pid?: number;
  /** Its descendants count too, as the workers of nginx. Default: true. */
  children?: boolean;
  /** URL of a Prometheus page. */
  prometheus?: string;
  /** Series of that page: `name`, or `name{label="value"}`; the sum over what matches. */
  series: readonly string[];
  /** Addresses beside loopback that may be dialled. */
  allowTargets: readonly string[];
  /** Takes any certificate from the page's server. Default: false. */
  insecure?: boolean;
  /** How long a whole page may take, ms. Default: 1,000. */
  answerLimitMs?: number;
  clock: Clock;
}

/** Looks at the target from outside. */
export interface Watch {
  /**
   * One look, which takes no longer than `answerLimitMs`; `atMs` is `clock.now()` unless the caller has a time axis of its own. A call while a look is under
   * way gets that same sample. Never rejects: what cannot be read is a gap with its reason.
   */
  sample(atMs?: number): Promise<WatchSample>;
  /** A look each second until the signal aborts. One that took longer delays the next, and nothing is made up for. */
  follow(signal: AbortSignal): AsyncGenerator<WatchSample, void>;
  /** Ends a look that is under way. */
  close(): void;
}

/**
 * Watches the target's CPU, memory, threads and open files by its process, and any series by its Prometheus page. CPU and memory come from
 * one source only, the process where it can be read here, else the page: two sources in one line would show steps that never were.
 * Nothing is read or dialled before the first `sample`.
 * @throws HiveError `validation` when `prometheus` is no URL or `series` names none.
 */
export function createWatch(options: WatchOptions): Watch {
  const { pid, prometheus, clock } = options;
  const now = (): number => clock.now();
  const series = options.series.map((text, index) => parseSelector(text, `watch.series[${index}]`));
  const byProcess = pid === undefined ? null : watchProcess({ pid, children: options.children ?? true, now });
  const byPage =
    prometheus === undefined
      ? null
      : watchPage({
          url: parseUrl(prometheus),
          series,
          process: pid === undefined || !canWatchProcesses(),
          allowTargets: options.allowTargets,
          insecure: options.insecure ?? false,
          answerLimitMs: options.answerLimitMs,
          now,
        });
  let underWay: Promise<WatchSample> | null = null;

  async function look(atMs: number): Promise<WatchSample> {
    const process = byProcess?.look();
    const page = await byPage?.look();
    return {
      atMs,
      values: { ...page?.values, ...process?.values },
      problems: [...(process?.problems ?? []), ...(page?.problems ?? []), ...nowhere(series, prometheus)],
    };
  }

  function sample(atMs = clock.now()): Promise<WatchSample> {
    underWay ??= look(atMs).finally(() => {
      underWay = null;
    });
    return underWay;
  }

  return { sample, follow: (signal) => follow(sample, clock, signal), close: () => byPage?.close() };
}

async function* follow(
  sample: () => Promise<WatchSample>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<WatchSample, void> {
  let nextMs = clock.now();
  while (!signal.aborted) {
    yield await sample();
    nextMs = Math.max(nextMs + EVERY_MS, clock.now());
    await clock.sleep(nextMs - clock.now(), signal);
  }
}

function nowhere(series: readonly SeriesSelector[], prometheus: string | undefined): string[] {
  if (series.length === 0 || prometheus !== undefined) return [];
  return ['watch.series: there is no metrics page to read them from: add watch.prometheus'];
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HiveError('validation', 'watch.prometheus is not an http:// or https:// URL', {
    hint: 'write, for example, http://127.0.0.1:9100/metrics',
  });
}
