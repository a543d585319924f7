import { addCounts, noCounts, type MetricsSummary } from '@hive/contract';
import { findSession } from '../../history/find-session.js';
import { mergeKept } from '../../history/merge-kept.js';
import { throughputOf } from '../../history/throughput.js';
import { demand } from '../../identity/principal.js';
import type { KeptResult, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** Totals of one session, or of everything. Percentiles come from merged histograms. Throws HiveError `not_found`. */
export function summariseMetrics(store: Store): Verb<string | undefined, MetricsSummary> {
  return async (actor, sessionId) => {
    demand(actor, 'read');
    if (sessionId !== undefined) await findSession(store, sessionId);
    return { session_id: sessionId ?? null, ...summarise(await store.listResults({ session: sessionId })) };
  };
}

function summarise(results: readonly KeptResult[]): Omit<MetricsSummary, 'session_id'> {
  const measured = results.flatMap(({ row }) => row.results?.measurement ?? []);
  const outcomes: MetricsSummary['outcomes'] = {};
  for (const { row } of results) if (row.outcome !== null) outcomes[row.outcome] = (outcomes[row.outcome] ?? 0) + 1;
  const successes = outcomes.passed ?? 0;
  const errors: Record<string, number> = {};
  const counts = noCounts();
  for (const measurement of measured) {
    addCounts(counts, measurement.counts);
    for (const [kind, count] of Object.entries(measurement.errors)) errors[kind] = (errors[kind] ?? 0) + count;
  }
  return {
    scenarios: results.length,
    successes,
    outcomes,
    success_rate: results.length === 0 ? null : successes / results.length,
    counts,
    errors,
    response_time_ms: mergeKept(results.flatMap(({ responseTime }) => responseTime ?? [])),
    service_time_ms: mergeKept(results.flatMap(({ serviceTime }) => serviceTime ?? [])),
    throughput_per_second: throughputOf(measured),
  };
}
