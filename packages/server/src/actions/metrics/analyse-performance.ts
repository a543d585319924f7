import { DIFFICULTIES, KINDS, type Analytics, type Kind, type PredictedPoint, type Target } from '@hive/contract';
import type { PastLimit } from '@hive/engine';
import { foldRuns } from '../../history/folded-runs.js';
import { learnedHistory } from '../../history/learned-history.js';
import type { Learning } from '../../history/learned-limits.js';
import { mergeKept } from '../../history/merge-kept.js';
import { recommend } from '../../history/recommendations.js';
import { remembered } from '../../history/remembered.js';
import { trendOf, type Trend } from '../../history/trend.js';
import { bytesOf, perSecond, type KindFold } from '../../history/run-fold.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import { createTurns } from '../../turns.js';
import type { Verb } from '../verb.js';

export interface AnalysisRequest {
  target?: string | undefined;
  /** ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
}

type KindAnalysis = Analytics['kinds'][number];

/** The limits that this many of the newest sessions left are told: one answer holds them. */
const MOST_SESSIONS = 150;

/** Trends per kind from stored results, for the kinds that were tried. Throws HiveError `not_found`. */
export function analysePerformance(parts: Learning & { store: Store }): Verb<AnalysisRequest, Analytics> {
  const { store } = parts;
  return async (actor, request) => {
    demand(actor, 'read');
    const target = request.target === undefined ? null : await findTarget(store, request.target);
    const fold = await foldRuns(parts, request);
    const found = await store.listSessionLimits({ ...request, limit: MOST_SESSIONS + 1 });
    const sessions = found.slice(-MOST_SESSIONS);
    const predicted = target === null ? {} : await predictedCurves(parts, target);
    const turn = createTurns();
    const kinds: KindAnalysis[] = [];
    for (const kind of KINDS) {
      const ofKind = fold.kinds[kind];
      const limits = sessions.flatMap(({ sessionId, at, limits }) =>
        limits.filter((limit) => limit.kind === kind).map((limit) => ({ session_id: sessionId, at, limit })),
      );
      if (ofKind === undefined && limits.length === 0) continue;
      const curve = ofKind === undefined ? [] : await curveOf(ofKind, turn);
      const trend =
        target === null ? NO_TREND : await trendOf(parts, { target: target.id, history: ownOf(sessions, kind) });
      kinds.push({ kind, limits, ...trend, pass_rates: passRates(ofKind), curve, predicted: predicted[kind] ?? [] });
      await turn();
    }
    return {
      target: request.target ?? null,
      kinds,
      limits_since: found.length > sessions.length ? (sessions[0]?.at ?? null) : null,
      recommendations: recommend(kinds, fold),
    };
  };
}

type LeftLimits = Awaited<ReturnType<Store['listSessionLimits']>>;

/** Of several targets no trend can be told. */
const NO_TREND: Trend = { steps: [], drop: null };

/** What sessions that looked for limits found of one kind by themselves. */
function ownOf(sessions: LeftLimits, kind: Kind): PastLimit[] {
  return sessions.flatMap(({ sessionId, mode, at, limits }) => {
    const own = limits.find((limit) => limit.kind === kind)?.own ?? null;
    return own === null || mode !== 'train' ? [] : [{ sessionId, at, own }];
  });
}

/** From what can still count, remembered as long as there is nothing new. */
async function predictedCurves(
  { store, cache, version, learner }: Learning,
  target: Target,
): Promise<Partial<Record<Kind, PredictedPoint[]>>> {
  const from = ['predicted', version, target, await store.learnedVersion(target.id)];
  return remembered(cache, from, async () => {
    const curves: Partial<Record<Kind, PredictedPoint[]>> = {};
    for (const kind of KINDS) {
      const history = await learnedHistory(store, target.id, { objectives: target.objectives, kinds: [kind] });
      curves[kind] = await learner.compute('curve', [target, history, kind]);
    }
    return curves;
  });
}

function passRates(fold: KindFold | undefined): KindAnalysis['pass_rates'] {
  return DIFFICULTIES.flatMap((difficulty) => {
    const at = fold?.difficulties[difficulty];
    return at === undefined ? [] : [{ difficulty, scenarios: at.judged, passed: at.passed }];
  });
}

async function curveOf({ loads }: KindFold, turn: () => Promise<void>): Promise<KindAnalysis['curve']> {
  const curve: KindAnalysis['curve'] = [];
  for (const { runs, least, most, sum, answers, responseTime } of Object.values(loads)) {
    const { p50, p95, p99 } = mergeKept(responseTime === null ? [] : [bytesOf(responseTime)]);
    const intensity = least === most ? least : sum / runs;
    curve.push({ intensity, p50Ms: p50, p95Ms: p95, p99Ms: p99, throughputPerSecond: perSecond(answers) ?? 0 });
    await turn();
  }
  return curve.toSorted((a, b) => a.intensity - b.intensity);
}
