import { DIFFICULTIES, KINDS, type Analytics } from '@hive/contract';
import { predictedCurve } from '@hive/engine';
import { learnedFrom } from '../../history/learned-history.js';
import { mergeKept } from '../../history/merge-kept.js';
import { recommend } from '../../history/recommendations.js';
import { throughputOf } from '../../history/throughput.js';
import { demand } from '../../identity/principal.js';
import type { KeptResult, Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

export interface AnalysisRequest {
  target?: string | undefined;
  /** ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
}

type KindAnalysis = Analytics['kinds'][number];

/** Trends per kind from stored results, for the kinds that were tried. Throws HiveError `not_found`. */
export function analysePerformance(store: Store): Verb<AnalysisRequest, Analytics> {
  return async (actor, request) => {
    demand(actor, 'read');
    const target = request.target === undefined ? null : await findTarget(store, request.target);
    const [results, sessions] = await Promise.all([store.listResults(request), store.listSessionLimits(request)]);
    const learned = target === null ? [] : learnedFrom(results.map(({ row }) => row));
    const kinds = KINDS.flatMap((kind): KindAnalysis[] => {
      const ofKind = results.filter(({ row }) => row.scenario_type === kind);
      const limits = sessions.flatMap(({ sessionId, at, limits }) =>
        limits.filter((limit) => limit.kind === kind).map((limit) => ({ session_id: sessionId, at, limit })),
      );
      if (ofKind.length === 0 && limits.length === 0) return [];
      const predicted = target === null ? [] : predictedCurve(target, learned, kind);
      return [{ kind, limits, pass_rates: passRates(ofKind), curve: curve(ofKind), predicted }];
    });
    return { target: request.target ?? null, kinds, recommendations: recommend(kinds, results) };
  };
}

function passRates(results: readonly KeptResult[]): KindAnalysis['pass_rates'] {
  return DIFFICULTIES.map((difficulty) => {
    const judged = results.filter(({ row }) => row.difficulty === difficulty && isJudged(row.outcome));
    return {
      difficulty,
      scenarios: judged.length,
      passed: judged.filter(({ row }) => row.outcome === 'passed').length,
    };
  }).filter(({ scenarios }) => scenarios > 0);
}

/** An invalid measurement tells nothing of the target and is left out. */
function curve(results: readonly KeptResult[]): KindAnalysis['curve'] {
  const trusted = results.filter(({ row }) => row.results?.measurement && row.validity?.status !== 'invalid');
  const intensities = [...new Set(trusted.map(({ row }) => row.intensity))].toSorted((a, b) => a - b);
  return intensities.map((intensity) => {
    const at = trusted.filter(({ row }) => row.intensity === intensity);
    const latency = mergeKept(at.flatMap(({ responseTime }) => responseTime ?? []));
    const measured = at.flatMap(({ row }) => row.results?.measurement ?? []);
    return {
      intensity,
      p50Ms: latency.p50,
      p95Ms: latency.p95,
      p99Ms: latency.p99,
      throughputPerSecond: throughputOf(measured) ?? 0,
    };
  });
}

function isJudged(outcome: KeptResult['row']['outcome']): boolean {
  return outcome === 'passed' || outcome === 'failed';
}
