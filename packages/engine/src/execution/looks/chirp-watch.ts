import type { Evidence, Plan } from '@hive/contract';
import { shareByMean } from '../../judging/shares.js';
import { chirpHurts, type ChirpBlock } from '../../learning/belief/stopping.js';
import type { Tick, TickPart } from '../../measuring.js';
import { mergeLatency, quantileMs } from '../../metrics/collector.js';
import { joinHistograms } from '../../metrics/merge.js';

const BLOCK_MS = 500;
/** Ticks are late now and then by a little. */
const SLACK_MS = 30;
/** Up to this share of the rate that breaks the objectives, a target counts as idle. */
const AT_REST = 0.4;
/** Up to this part of it, its response times are those of a steady load. */
const STEADY = 0.6;

type ChirpEvidence = Extract<Evidence, { type: 'chirp' }>;
type ChirpLevel = NonNullable<ChirpEvidence['levels']>[number];
type Open = Extract<Plan['arrivals'], { model: 'open' }>;

/** Watches a rising rate until it breaks the objectives. */
export interface ChirpWatch {
  /** `meanMs`: mean response time of what ended in the tick. */
  add(tick: Tick, meanMs: number): void;
  /** Rate at which the objectives first broke, requests/s; null while it does not. */
  onset(): number | null;
  evidence(): ChirpEvidence;
}

/** What a clause of the objectives is counted by: a threshold's index, the mean that it allows, or what was lost. */
export type ChirpCounter = { threshold: number } | { meanMs: number } | 'errors';

/** `counters`: one for each clause of the objectives that counts. */
export function watchChirp(plan: Plan, counters: readonly ChirpCounter[]): ChirpWatch {
  const rule = plan.chirp as NonNullable<Plan['chirp']>;
  // Clauses of the worst node follow those of all nodes: while the load rises they break alike.
  const clauses = rule.shares.map((_, j) => counters[j % counters.length] ?? 'errors');
  const { stages } = plan.arrivals as Open;
  const blocks: (ChirpBlock & { latencies: Uint8Array[] })[] = [];
  let open: (ChirpBlock & { latencies: Uint8Array[] }) | null = null;
  let generatorLost = false;
  let onset: number | null = null;

  function close(block: (typeof blocks)[number]): void {
    blocks.push(block);
    onset ??= chirpHurts(blocks, rule);
    open = null;
  }

  return {
    add(tick, meanMs) {
      const part = tick.parts.find((one) => one.part === 'judged');
      if (!part || onset !== null) return;
      const { counts } = part;
      // What a generator dropped says nothing of the target: the chirp reached only what was sent before.
      generatorLost ||= counts.droppedGenerator > 0;
      if (generatorLost || tick.phase === 'grace') return;
      // What ended in this tick was sent a response time before it.
      const sentAtMs = Math.max(0, (tick.fromMs + tick.toMs) / 2 - meanMs);
      const ended = counts.answered + counts.failed + counts.timedOut + counts.droppedTarget;
      open ??= {
        seconds: 0,
        rate: 0,
        n: 0,
        decided: 0,
        outstanding: 0,
        good: 0,
        lost: 0,
        bad: clauses.map(() => 0),
        latencies: [],
      };
      const seconds = (tick.toMs - tick.fromMs) / 1_000;
      open.rate = (open.rate * open.seconds + rateAt(stages, sentAtMs) * seconds) / (open.seconds + seconds);
      open.seconds += seconds;
      open.n += Math.max(counts.planned, ended);
      open.decided += ended;
      open.good += counts.good;
      if (part.responseTime !== null) open.latencies.push(part.responseTime);
      open.outstanding = tick.outstanding + tick.waiting;
      const lost = counts.answered - counts.good + counts.failed + counts.timedOut + counts.droppedTarget;
      open.lost += lost;
      addBad(open.bad, { clauses, part, ended, lost, meanMs });
      if (open.seconds * 1_000 >= BLOCK_MS - SLACK_MS) close(open);
    },
    onset: () => onset,
    evidence: () => ({
      type: 'chirp',
      onset,
      restMs: atRest(),
      levels: levels(),
      blocks: blocks.map(({ n, bad, latencies: _, ...block }) => ({ ...block, planned: n, bad: bad.map(Math.round) })),
    }),
  };

  /** Response times of each doubling of the rate, while it was well below where the objectives break. */
  function levels(): ChirpLevel[] {
    const top = onset ?? Math.max(0, ...blocks.map(({ rate }) => rate));
    const steady = blocks.filter(({ rate }) => rate > 0 && rate < top * STEADY);
    const doublings = new Set(steady.map(doublingOf));
    return [...doublings].flatMap((doubling) => {
      const own = steady.filter((block) => doublingOf(block) === doubling);
      const took = joinHistograms(own.flatMap(({ latencies }) => latencies));
      const { count, p50, p95, p99 } = mergeLatency(took === null ? [] : [took]);
      const ratePerSecond = own.reduce((sum, { rate }) => sum + rate, 0) / own.length;
      return count > 0 ? [{ ratePerSecond, requests: count, p50Ms: p50, p95Ms: p95, p99Ms: p99 }] : [];
    });
  }

  /** Response time at the quantile that each clause's share leaves, or their mean, ms, while the rate was far below where the objectives break. */
  function atRest(): (number | null)[] {
    const top = onset ?? Math.max(0, ...blocks.map(({ rate }) => rate));
    const calm = joinHistograms(
      blocks.filter(({ rate }) => rate < top * AT_REST).flatMap(({ latencies }) => latencies),
    );
    return rule.shares.map((share, j) => {
      const counter = clauses[j] ?? 'errors';
      if (calm === null || counter === 'errors') return null;
      return 'meanMs' in counter ? mergeLatency([calm]).mean : quantileMs(calm, 1 - share);
    });
  }
}

/** Counts what was bad by each clause. */
export function addBad(
  bad: number[],
  from: { clauses: readonly ChirpCounter[]; part: TickPart; ended: number; lost: number; meanMs: number },
): void {
  const { clauses, part, ended, lost, meanMs } = from;
  for (const [j, counter] of clauses.entries()) {
    if (counter === 'errors') bad[j]! += lost;
    else if ('meanMs' in counter) bad[j]! += ended * shareByMean(meanMs, counter.meanMs);
    else bad[j]! += part.bad[counter.threshold] ?? 0;
  }
}

function doublingOf({ rate }: ChirpBlock): number {
  return Math.floor(Math.log2(rate));
}

/** The planned rate at a moment, requests/s. */
export function rateAt(stages: Open['stages'], atMs: number): number {
  let fromMs = 0;
  for (const { durationMs, fromPerSecond, toPerSecond } of stages) {
    if (atMs < fromMs + durationMs)
      return fromPerSecond + ((toPerSecond - fromPerSecond) * (atMs - fromMs)) / durationMs;
    fromMs += durationMs;
  }
  return stages.at(-1)?.toPerSecond ?? 0;
}
