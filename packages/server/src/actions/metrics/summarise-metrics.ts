import type { MetricsSummary } from '@hive/contract';
import { findSession } from '../../history/find-session.js';
import { foldRuns, type Folding } from '../../history/folded-runs.js';
import { mergeKept } from '../../history/merge-kept.js';
import { bytesOf, perSecond, type RunFold } from '../../history/run-fold.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** Totals of one session, or of everything. Percentiles come from merged histograms. Throws HiveError `not_found`. */
export function summariseMetrics(folding: Folding & { store: Store }): Verb<string | undefined, MetricsSummary> {
  return async (actor, sessionId) => {
    demand(actor, 'read');
    if (sessionId !== undefined) await findSession(folding.store, sessionId);
    return { session_id: sessionId ?? null, ...summaryOf(await foldRuns(folding, { session: sessionId })) };
  };
}

function summaryOf({ runs, outcomes, counts, errors, answers, ...fold }: RunFold): Omit<MetricsSummary, 'session_id'> {
  const successes = outcomes.passed ?? 0;
  const latencyOf = (text: string | null) => mergeKept(text === null ? [] : [bytesOf(text)]);
  return {
    scenarios: runs,
    successes,
    outcomes,
    success_rate: runs === 0 ? null : successes / runs,
    counts,
    errors,
    response_time_ms: latencyOf(fold.responseTime),
    service_time_ms: latencyOf(fold.serviceTime),
    throughput_per_second: perSecond(answers),
  };
}
