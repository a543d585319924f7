import { BASE_KIND, parseObjective, type Objective, type PracticeTruth } from '@hive/contract';
import { createRandom } from '../random.js';
import { serviceTimes } from './service-times.js';
import type { PracticeSettings } from './settings.js';

/** A limit is L50(30 s): half of all runs of 30 s, after 2 s of warm-up, meet the objectives there (docs/practice-target.md). */
const WARMUP_MS = 2_000;
const JUDGED_MS = 30_000;
/** Odd, so that half of them is never a tie. With the same seeds at each step the answer is the same each time. */
const RUNS = 31;
const PRECISION = 0.002;
/** Arrivals that are simulated in well under 200 ms; a target that is larger has no simulated limit. */
const MOST_ARRIVALS = 8_000_000;
const STEPS = 8;

/** What a practice target is worth now, and what it is held to. */
interface Question {
  /** What is left of its capacity, as a share. */
  capacity: number;
  /** Those of latency and of errors count; the first is named. */
  objectives: readonly string[];
}

/**
 * What the practice target can really take: its capacity by construction, and the request rate at which half of its runs meet the
 * objectives, from a simulation of its slots in virtual time (Poisson arrivals, nodes in turn).
 * @throws HiveError `validation` for what is not an objective.
 */
export function practiceTruth(settings: PracticeSettings, { capacity, objectives }: Question): PracticeTruth {
  const parsed = objectives.map((expression) => parseObjective(expression)).filter(isSimulated);
  const serviceMs = settings.serviceMs / capacity;
  const whole = settings.slowNode > 0 ? settings.nodes - 1 + 1 / settings.slowFactor : settings.nodes;
  const capacityPerSecond = (whole * settings.workers * 1_000) / serviceMs;
  const truth = { capacity, capacityPerSecond, serviceMs, objectives: [...objectives] };
  const arrivals = ((capacityPerSecond * (WARMUP_MS + JUDGED_MS)) / 1_000) * RUNS * STEPS;
  if (parsed.length === 0 || settings.dependencyFor === 'all' || arrivals > MOST_ARRIVALS)
    return { ...truth, limits: [] };
  const value = halfway(settings, { serviceMs, capacityPerSecond, objectives: parsed });
  const nodes = settings.nodes === 1 ? '1 node' : `${settings.nodes} nodes`;
  const slow = settings.slowNode > 0 ? `, one of them ${settings.slowFactor} times slower` : '';
  const built = `${nodes}${slow} × ${settings.workers} slots ÷ ${round(serviceMs)} ms = ${round(capacityPerSecond)} requests/s`;
  const how = `${built}, less what ${parsed.map(({ expression }) => expression).join(' and ')} costs`;
  return { ...truth, limits: [{ kind: BASE_KIND, unit: 'requests/s', value, how }] };
}

/** What can move a limit of one that answers in one piece: percentiles, averages and errors of all requests. */
type Simulated = Extract<Objective, { type: 'percentile' | 'average' | 'errors' }>;

function isSimulated(objective: Objective): objective is Simulated {
  const { type, requestClass } = objective;
  return requestClass === null && (type === 'percentile' || type === 'average' || type === 'errors');
}

const round = (value: number): number => Number(value.toPrecision(4));

interface Asked {
  serviceMs: number;
  capacityPerSecond: number;
  objectives: readonly Simulated[];
}

/** The rate at which half of the runs meet the objectives. */
function halfway(settings: PracticeSettings, asked: Asked): number {
  const worlds = Array.from({ length: RUNS }, (_, seed) => drawWorld(settings, asked, seed));
  let low = 0;
  let high = asked.capacityPerSecond * 1.1;
  while (high - low > PRECISION * high) {
    // From three quarters of the capacity on: what the limit usually is.
    const middle = low === 0 ? high * 0.7 : (low + high) / 2;
    const met = worlds.filter((world) => meets(settings, { world, ratePerSecond: middle }, asked)).length;
    if (met * 2 > RUNS) low = middle;
    else high = middle;
    if (high < asked.capacityPerSecond / 1_000) break;
  }
  return Math.round((low + high) / 2);
}

/** What chance decides about one run: gaps between arrivals at 1/s (ms), and the time of each in its slot. */
interface World {
  gaps: Float64Array;
  services: Float64Array;
}

function drawWorld(settings: PracticeSettings, { serviceMs, capacityPerSecond }: Asked, seed: number): World {
  const random = createRandom(settings.seed * RUNS + seed);
  const draw = serviceTimes(settings.distribution, serviceMs, () => random.next());
  const length = Math.ceil(((WARMUP_MS + JUDGED_MS) / 1_000) * capacityPerSecond * 1.2) + 100;
  const gaps = Float64Array.from({ length }, () => random.exponential() * 1_000);
  return { gaps, services: Float64Array.from({ length }, draw) };
}

/** One run: whether its judged requests meet every objective. */
function meets(settings: PracticeSettings, run: { world: World; ratePerSecond: number }, asked: Asked): boolean {
  const { gaps, services } = run.world;
  const { nodes, workers, queueLimit } = settings;
  const lines = Array.from({ length: nodes }, () => createLine(workers, queueLimit));
  const tallies = asked.objectives.map((objective) => createTally(objective));
  let atMs = 0;
  for (let i = 0; i < gaps.length; i += 1) {
    atMs += (gaps[i] as number) / run.ratePerSecond;
    if (atMs >= WARMUP_MS + JUDGED_MS) break;
    const node = i % nodes;
    const slower = settings.slowNode === node + 1 ? settings.slowFactor : 1;
    const tookMs = (lines[node] as Line).take(atMs, (services[i] as number) * slower);
    if (atMs >= WARMUP_MS) for (const tally of tallies) tally.add(tookMs);
  }
  return tallies.every((tally) => tally.met());
}

/** Counts what one objective is about; a refused request (null) is an error and has no response time. */
function createTally(objective: Simulated): { add(tookMs: number | null): void; met(): boolean } {
  let count = 0;
  let sum = 0;
  let bad = 0;
  return {
    add(tookMs) {
      if (objective.type === 'errors') {
        count += 1;
        if (tookMs === null) bad += 1;
      } else if (tookMs !== null) {
        count += 1;
        sum += tookMs;
        if (tookMs > objective.latencyMs) bad += 1;
      }
    },
    met() {
      if (count === 0) return true;
      if (objective.type === 'average') return sum / count <= objective.latencyMs;
      return bad / count <= (objective.type === 'errors' ? objective.share : 1 - objective.quantile);
    },
  };
}

/** The slots of one node with their line: first come, first served. */
interface Line {
  /** How long a request that arrives takes in all, ms; null: the line was full. */
  take(atMs: number, serviceMs: number): number | null;
}

function createLine(workers: number, queueLimit: number): Line {
  // When each slot is free again, as a binary heap: the first is free first.
  const free = new Float64Array(workers);
  /** Starts that are still to come: as many wait. Needed only where the line has an end. */
  const starts: number[] = [];
  return {
    take(atMs, serviceMs) {
      const startMs = Math.max(atMs, free[0] as number);
      if (queueLimit !== Number.POSITIVE_INFINITY) {
        while (starts.length > 0 && (starts[0] as number) <= atMs) starts.shift();
        if (startMs > atMs && starts.length >= queueLimit) return null;
        if (startMs > atMs) starts.push(startMs);
      }
      sink(free, startMs + serviceMs);
      return startMs + serviceMs - atMs;
    },
  };
}

/** Replaces the top of a heap, and restores its order. */
function sink(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child += 1;
    if ((heap[child] as number) >= value) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = value;
}
