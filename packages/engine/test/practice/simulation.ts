import { createRandom } from '../../src/random.js';
import { createSchedule } from '../../src/practice/schedule.js';
import { serviceTimes, type Distribution } from '../../src/practice/service-times.js';

/** One stream of Poisson arrivals. */
export interface Stream {
  ratePerSecond: number;
  meanMs: number;
  /** Judged, or only there to crowd the judged one. */
  judged: boolean;
}

/** A practice target and what is sent to it, over nodes in turn. */
export interface Setting {
  nodes: number;
  workers: number;
  distribution: Distribution;
  streams: Stream[];
  /** A request that takes longer is bad. */
  latencyMs: number;
  /** Time that every request spends outside the slots, ms. */
  addedMs?: number;
  /** Calls a dependency first: each node has this many connections to it, and a call holds one for `holdMs`. */
  pool?: { connections: number; holdMs: number };
  warmupMs?: number;
  judgedMs?: number;
}

/** Shares of judged requests beyond the latency: of all, and of the worst node. */
export interface Outcome {
  all: number;
  worstNode: number;
}

interface Arrival {
  arrivedMs: number;
  stream: Stream;
  judged: boolean;
}

/** One run, in virtual time, with the schedule's own code: a fresh target, the warm-up not judged, then `judgedMs`. */
export function simulate(setting: Setting, seed: number): Outcome {
  const { nodes, workers, latencyMs, addedMs = 0, warmupMs = 2_000, judgedMs = 30_000 } = setting;
  const random = createRandom(seed);
  const draw = new Map(
    setting.streams.map((stream) => [stream, serviceTimes(setting.distribution, stream.meanMs, () => random.next())]),
  );
  const each = Array.from({ length: nodes }, () => ({ planned: 0, bad: 0 }));
  const schedules = each.map(() =>
    createSchedule<Arrival>({
      workers,
      queueLimit: Number.POSITIVE_INFINITY,
      serviceMs: ({ stream }) => (draw.get(stream) as () => number)(),
    }),
  );
  const settle = (node: number, nowMs: number): void => {
    const figures = each[node] as { planned: number; bad: number };
    for (const job of schedules[node]?.advance(nowMs) ?? []) {
      if (!job.item.judged) continue;
      figures.planned += 1;
      if (job.endMs - job.item.arrivedMs + addedMs > latencyMs) figures.bad += 1;
    }
  };
  const calls = each.map(() => callEnds(setting.pool));
  const next = setting.streams.map((stream) => ({
    stream,
    atMs: (random.exponential() * 1_000) / stream.ratePerSecond,
  }));
  for (let turn = 0; ; turn += 1) {
    const first = next.reduce((a, b) => (b.atMs < a.atMs ? b : a));
    if (first.atMs >= warmupMs + judgedMs) break;
    const node = turn % nodes;
    const judged = first.stream.judged && first.atMs >= warmupMs;
    const slotMs = calls[node]?.(first.atMs) ?? first.atMs;
    settle(node, slotMs);
    schedules[node]?.offer({ stream: first.stream, judged, arrivedMs: first.atMs }, slotMs);
    first.atMs += (random.exponential() * 1_000) / first.stream.ratePerSecond;
  }
  for (let node = 0; node < nodes; node += 1) settle(node, Number.MAX_SAFE_INTEGER);
  const planned = each.reduce((sum, node) => sum + node.planned, 0);
  const bad = each.reduce((sum, node) => sum + node.bad, 0);
  return { all: bad / planned, worstNode: Math.max(...each.map((node) => node.bad / node.planned)) };
}

/** When a call that begins at `nowMs` ends: first come, first served, all calls equally long. */
function callEnds(pool: Setting['pool']): (nowMs: number) => number {
  if (pool === undefined) return (nowMs) => nowMs;
  const ends = Array.from({ length: pool.connections }, () => 0);
  let turn = 0;
  return (nowMs) => {
    const connection = turn++ % pool.connections;
    return (ends[connection] = Math.max(nowMs, ends[connection] as number) + pool.holdMs);
  };
}

/**
 * L50: where half of all runs keep the objective, to `precision` of itself. `bad` yields one run's share of bad requests at an
 * intensity; `runs` runs are made at each step of a bisection between `low` (kept) and `high` (broken).
 */
export function halfway(given: {
  low: number;
  high: number;
  runs: number;
  allowedShare: number;
  precision: number;
  bad: (intensity: number, seed: number) => number;
}): number {
  let { low, high } = given;
  while (high - low > given.precision * low) {
    const middle = (low + high) / 2;
    let kept = 0;
    for (let seed = 0; seed < given.runs; seed += 1) if (given.bad(middle, seed) <= given.allowedShare) kept += 1;
    if (kept * 2 >= given.runs) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
