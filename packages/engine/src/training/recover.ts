import { parseObjectives, strictestLatencyMs, type Plan, type Scenario, type ScenarioResult } from '@hive/contract';
import { createCollector } from '../metrics/collector.js';
import type { TrainingEvent } from './events.js';
import type { Surroundings } from './running.js';
import { toOrder } from './order.js';

const CHECK_MS = 3_000;
const GIVE_UP_MS = 60_000;
const FIRST_REST_MS = 500;

/**
 * After a failed scenario: is the target itself again? When every request of it came to its end, the target is drained and nothing is sent.
 * Else a 3 s check at a third of the failed intensity must pass; it is repeated for up to a minute.
 * Returns null when the target is well, or why the session must end.
 */
export async function* recover(
  options: Surroundings & { scenario: Scenario; result: ScenarioResult },
): AsyncGenerator<TrainingEvent, string | null> {
  const { result, clock, signal } = options;
  const counts = result.measurement?.counts;
  if (result.verdict !== 'failed' || !counts || counts.cutOff + counts.timedOut === 0) return null;

  const since = clock.now();
  for (let restMs = FIRST_REST_MS; clock.now() - since < GIVE_UP_MS; restMs *= 2) {
    await clock.sleep(restMs, signal);
    if (signal.aborted) return null;
    if (await isWell(options)) return null;
    if (signal.aborted) return null;
  }
  const text = `${options.target.id} did not recover within ${GIVE_UP_MS / 1_000} s after ${options.scenario.description}`;
  yield { type: 'alert', severity: 'critical', text };
  return `did_not_recover: ${text}`;
}

/** A kind whose axis is load is tried at a third of it; any other by one request at a time. */
const LOAD_KINDS: ReadonlySet<Scenario['kind']> = new Set([
  'concurrent_requests',
  'load_balancing',
  'resource_allocation',
]);

async function isWell({
  scenario,
  target,
  load,
  signal,
  allowTargets,
  environment,
}: Surroundings & { scenario: Scenario }): Promise<boolean> {
  const latencyMs = strictestLatencyMs(parseObjectives(scenario.objectives)) ?? scenario.plan.timeoutMs;
  const { requests, timeoutMs, arrivals } = scenario.plan;
  const isLoad = LOAD_KINDS.has(scenario.kind) && scenario.plan.chirp === undefined;
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
  for await (const tick of load.run(order, signal)) collector.add(tick);
  const { counts, bad } = collector.judged();
  return counts.planned > 0 && (bad[0] ?? 0) <= Math.max(1, 0.02 * counts.planned);
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
