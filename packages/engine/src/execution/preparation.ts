import type { Plan, Scenario } from '@hive/contract';
import { figure } from '../figure.js';
import type { LoadOrder, OrderNode, Tick } from '../measuring.js';
import { createCollector } from '../metrics/collector.js';
import type { Surroundings } from './running.js';
import { toOrder } from './order.js';
import { ticksOf } from './ticks.js';

/** The smallest body there is to move, bytes. */
const SMALLEST_BYTES = 1_024;

/** What was found out before the scenario proper. */
export interface Prepared {
  /** Median response time of one request at a time, at rest, ms; null where that was not asked for, or nothing came back. */
  restP50Ms: number | null;
  /** Why the scenario cannot go on, in words; null: it can. */
  trouble: string | null;
}

/**
 * Does what the plan asks for before its load: measures at rest, or fetches every key once. Yields the ticks, for the eye.
 * What it sends is not judged.
 */
export async function* prepare(
  options: Surroundings & { scenario: Scenario; nodes: readonly OrderNode[] },
): AsyncGenerator<Tick, Prepared> {
  const { preparation } = options.scenario.plan;
  if (preparation === undefined) return { restP50Ms: null, trouble: null };
  return preparation.type === 'rest' ? yield* rest(options) : yield* fill(options);
}

type Options = Surroundings & { scenario: Scenario; nodes: readonly OrderNode[] };

async function* rest(options: Options): AsyncGenerator<Tick, Prepared> {
  const { maxMs } = options.scenario.plan.preparation as NonNullable<Plan['preparation']>;
  const order = orderFor(options, { durationMs: maxMs, nodes: options.nodes, connections: 1 });
  if (order.payloadBytes !== undefined) order.payloadBytes = SMALLEST_BYTES;
  const collector = createCollector({ thresholdsMs: [] });
  yield* ticksOf({ ...options, order, safeguards: options.safeguards }, collector);
  const { counts, responseTimeMs } = collector.judged();
  if (counts.good > 0) return { restP50Ms: responseTimeMs.p50, trouble: null };
  return { restP50Ms: null, trouble: 'no request got a good answer, even one at a time' };
}

/** Node after node, since each may have a cache of its own. */
async function* fill(options: Options): AsyncGenerator<Tick, Prepared> {
  const { plan, intensity } = options.scenario;
  const { maxMs, connections } = plan.preparation as NonNullable<Plan['preparation']>;
  const since = options.clock.now();
  for (const node of options.nodes) {
    const leftMs = maxMs - (options.clock.now() - since);
    if (leftMs <= 0) return { restP50Ms: null, trouble: tooMany(intensity, maxMs) };
    const order = { ...orderFor(options, { durationMs: leftMs, nodes: [node], connections }), sweep: true };
    const collector = createCollector({ thresholdsMs: [] });
    yield* ticksOf({ ...options, order, safeguards: options.safeguards }, collector);
    const { counts } = collector.whole();
    if (counts.sent < intensity) return { restP50Ms: null, trouble: tooMany(intensity, maxMs) };
    if (counts.good === 0) return { restP50Ms: null, trouble: 'no key could be fetched' };
  }
  return { restP50Ms: null, trouble: null };
}

function tooMany(keys: number, maxMs: number): string {
  return `fetching ${figure(keys)} keys once takes longer than ${figure(maxMs / 1_000)} s: no larger working set can be tested`;
}

function orderFor(
  { scenario, target, allowTargets, load, sessionId, ...options }: Options,
  how: { durationMs: number; nodes: readonly OrderNode[]; connections: number },
): LoadOrder {
  const plan: Plan = {
    ...scenario.plan,
    warmupMs: 0,
    durationMs: how.durationMs,
    graceMs: Math.min(scenario.plan.graceMs, 2_000),
    arrivals: {
      model: 'closed',
      connections: how.connections,
      thinkMs: 0,
      maxPerSecond: target.safety.maxRatePerSecond,
    },
  };
  const { nodes } = how;
  const environment = load.fillsIn === true ? null : options.environment;
  const common = { target, allowTargets, nodes, environment, sessionId };
  const order = toOrder({ ...common, plan, seed: scenario.seed, thresholdsMs: [] });
  delete order.groupBy;
  return order;
}
