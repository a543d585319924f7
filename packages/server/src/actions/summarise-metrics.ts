import { addCounts, noCounts, type MetricsSummary } from '@hive/contract';
import { mergeLatency } from '@hive/engine';
import type { KeptResult } from '../store/store.js';
import type { Context } from './context.js';
import { findSession } from './read-session.js';
import { throughputOf } from './throughput.js';

/** Totals of one session, or of everything. Percentiles come from merged histograms. Throws HiveError `not_found`. */
export async function summariseMetrics(context: Context, sessionId: string | undefined): Promise<MetricsSummary> {
  if (sessionId !== undefined) await findSession(context, sessionId);
  return { session_id: sessionId ?? null, ...summarise(await context.store.listResults({ session: sessionId })) };
}

function summarise(results: readonly KeptResult[]): Omit<MetricsSummary, 'session_id'> {
  const measured = results.flatMap(({ row }) => row.results?.measurement ?? []);
  const successes = results.filter(({ row }) => row.verdict === 'passed').length;
  const errors: Record<string, number> = {};
  const counts = noCounts();
  for (const measurement of measured) {
    addCounts(counts, measurement.counts);
    for (const [kind, count] of Object.entries(measurement.errors)) errors[kind] = (errors[kind] ?? 0) + count;
  }
  return {
    scenarios: results.length,
    successes,
    success_rate: results.length === 0 ? null : successes / results.length,
    counts,
    errors,
    response_time_ms: mergeLatency(results.flatMap(({ responseTime }) => responseTime ?? [])),
    service_time_ms: mergeLatency(results.flatMap(({ serviceTime }) => serviceTime ?? [])),
    throughput_per_second: throughputOf(measured),
  };
}
