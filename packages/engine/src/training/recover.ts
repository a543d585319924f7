import { parseObjectives, strictestLatencyMs, type Plan, type Scenario, type ScenarioResult } from '@hive/contract';
import { brokenClauses } from '../judging/clauses.js';
import { kindDefinition } from '../kinds/registry.js';
import type { LearnedResult } from '../learning/axis.js';
import { hurtingShare } from '../learning/belief/stopping.js';
import { createCollector } from '../metrics/collector.js';
import type { TrainingEvent } from '../execution/events.js';
import type { Surroundings } from '../execution/running.js';
import { toOrder } from '../execution/order.js';
import { ticksOf } from '../execution/ticks.js';

const CHECK_MS = 3_000;
const GIVE_UP_MS = 60_000;
const FIRST_REST_MS = 500;
/** What took longer by less than a fifth took about the same. */
const SETTLED = Math.log(1.2);

/**
 * After a failed scenario: is the target itself again? When every request of it came to its end, the target is drained and nothing is sent.
 * Else a 3 s check at a third of the failed intensity must pass; it is repeated for up to a minute. A target that was never seen to keep
 * the objectives (`wasWell` false) has recovered when all is answered and two checks took about the same: it is as well as it gets.
 * Returns null when the target is well, or why the session must end.
 */
export async function* recover(
  options: Surroundings & { scenario: Scenario; result: ScenarioResult; wasWell: boolean },
): AsyncGenerator<TrainingEvent, string | null> {
  const { result, clock, signal } = options;
  const counts = result.measurement?.counts;
  if (result.verdict !== 'failed' || !counts || counts.cutOff + counts.timedOut === 0) return null;

  const since = clock.now();
  let before: number | null = null;
  for (let restMs = FIRST_REST_MS; clock.now() - since < GIVE_UP_MS; restMs *= 2) {
    await clock.sleep(restMs, signal);
    if (signal.aborted) return null;
    const { well, medianMs } = await check(options);
    if (well || signal.aborted) return null;
    if (!options.wasWell && isSettled(before, medianMs)) return null;
    before = medianMs;
  }
  const text = `${options.target.id} did not recover within ${GIVE_UP_MS / 1_000} s after this run: ${options.scenario.description}`;
  yield { type: 'alert', severity: 'critical', text };
  return `did_not_recover: ${text}`;
}

/** Whether the target met its objectives with nothing broken on purpose: in a run, or as a first look began. */
export function wasSeenWell(results: readonly Pick<LearnedResult, 'scenario' | 'result'>[]): boolean {
  return results.some(({ scenario, result }) => kindDefinition(scenario.kind).showsWell && isKept(scenario, result));
}

function isKept({ plan }: Pick<Scenario, 'plan'>, result: Pick<ScenarioResult, 'verdict' | 'evidence'>): boolean {
  const { verdict, evidence } = result;
  if (evidence?.type === 'chirp') {
    const [first] = evidence.blocks;
    const { shares = [], gentle = false } = plan.chirp ?? {};
    return (
      first !== undefined &&
      first.planned > 0 &&
      first.bad.every((bad, j) => bad <= hurtingShare(shares[j % shares.length] ?? 0, gentle) * first.planned)
    );
  }
  return (
    verdict === 'passed' ||
    (evidence?.type === 'counts' && verdict === 'undecided' && brokenClauses(evidence).length === 0)
  );
}

/** Two checks that took about the same; null: not all was answered well. */
function isSettled(before: number | null, now: number | null): boolean {
  return before !== null && now !== null && Math.abs(Math.log(now / before)) < SETTLED;
}

/** `medianMs`: null where not all was answered well. */
async function check({
  scenario,
  target,
  load,
  signal,
  allowTargets,
  environment,
}: Surroundings & { scenario: Scenario }): Promise<{ well: boolean; medianMs: number | null }> {
  const latencyMs = strictestLatencyMs(parseObjectives(scenario.objectives)) ?? scenario.plan.timeoutMs;
  const { requests, timeoutMs, arrivals } = scenario.plan;
  const isLoad = kindDefinition(scenario.kind).recovery === 'third of the load' && scenario.plan.chirp === undefined;
  const plan: Plan = {
    warmupMs: 0,
    durationMs: CHECK_MS,
    graceMs: 1_000,
    timeoutMs,
    arrivals: isLoad ? third(arrivals) : { model: 'closed', connections: 1, thinkMs: 20 },
    ...(isLoad && requests ? { requests } : {}),
  };
  const thresholdsMs = [latencyMs];
  const collector = createCollector({ thresholdsMs });
  const order = toOrder({ plan, seed: scenario.seed, target, thresholdsMs, allowTargets, environment });
  for await (const _ of ticksOf({ load, order, signal }, collector));
  const { counts, bad, responseTimeMs } = collector.judged();
  const few = Math.max(1, 0.02 * counts.planned);
  return {
    well: counts.planned > 0 && (bad[0] ?? 0) <= few,
    medianMs: counts.good > 0 && counts.planned - counts.good <= few ? responseTimeMs.p50 : null,
  };
}

function third(arrivals: Scenario['plan']['arrivals']): Scenario['plan']['arrivals'] {
  if (arrivals.model === 'closed')
    return { ...arrivals, connections: Math.max(1, Math.floor(arrivals.connections / 3)) };
  return {
    ...arrivals,
    stages: arrivals.stages.map((stage) => ({
      ...stage,
      fromPerSecond: stage.fromPerSecond / 3,
      toPerSecond: stage.toPerSecond / 3,
    })),
  };
}
