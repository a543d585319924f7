import type { Window } from '@hive/contract';

/** A column, and what of a window stands in it. */
const COLUMNS: Record<string, (window: Window) => string | number> = {
  at: ({ at }) => at,
  from_ms: ({ fromMs }) => fromMs,
  to_ms: ({ toMs }) => toMs,
  phase: ({ phase }) => phase,
  planned: ({ counts }) => counts.planned,
  sent: ({ counts }) => counts.sent,
  answered: ({ counts }) => counts.answered,
  good: ({ counts }) => counts.good,
  failed: ({ counts }) => counts.failed,
  timed_out: ({ counts }) => counts.timedOut,
  offered_per_second: ({ offeredPerSecond }) => offeredPerSecond,
  throughput_per_second: ({ throughputPerSecond }) => throughputPerSecond,
  response_p50_ms: ({ responseTimeMs }) => timeOf(responseTimeMs, 'p50'),
  response_p95_ms: ({ responseTimeMs }) => timeOf(responseTimeMs, 'p95'),
  response_p99_ms: ({ responseTimeMs }) => timeOf(responseTimeMs, 'p99'),
  response_max_ms: ({ responseTimeMs }) => timeOf(responseTimeMs, 'max'),
  service_p50_ms: ({ serviceTimeMs }) => timeOf(serviceTimeMs, 'p50'),
  service_p99_ms: ({ serviceTimeMs }) => timeOf(serviceTimeMs, 'p99'),
  connections: ({ connections }) => connections,
  outstanding: ({ outstanding }) => outstanding,
};

/** Windows as CSV (RFC 4180), one a line; times in ms, empty where nothing was answered. */
export function windowsAsCsv(windows: readonly Window[]): string {
  const lines = windows.map((window) => Object.values(COLUMNS).map((of) => of(window)));
  return [Object.keys(COLUMNS), ...lines].map((fields) => `${fields.join(',')}\r\n`).join('');
}

function timeOf(latency: Window['responseTimeMs'], which: 'p50' | 'p95' | 'p99' | 'max'): string | number {
  return latency.count === 0 ? '' : latency[which];
}
