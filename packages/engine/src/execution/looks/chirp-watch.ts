import type { Plan } from '@hive/contract';
import { amount } from '../../figure.js';
import { chirpHurts, type ChirpBlock } from '../../learning/belief/stopping.js';
import { mergeLatency } from '../../metrics/collector.js';
import { joinHistograms } from '../../metrics/merge.js';
import { ticksOf } from '../ticks.js';
import {
  addBad,
  calmTimeMs,
  countersOf,
  endsOf,
  timesOf,
  type ChirpCounter,
  type ChirpEvidence,
  type Look,
} from './look.js';

const BLOCK_MS = 500;
/** Ticks are late now and then by a little. */
const SLACK_MS = 30;
/** Up to this share of the rate that breaks the objectives, a target counts as idle. */
const AT_REST = 0.4;
/** Up to this part of it, its response times are those of a steady load. */
const STEADY = 0.6;

type ChirpLevel = NonNullable<ChirpEvidence['levels']>[number];
type Open = Extract<Plan['arrivals'], { model: 'open' }>;

/** A block with its response times, and with the times that each clause is about. */
type TimedBlock = ChirpBlock & { latencies: Uint8Array[]; own: Uint8Array[][] };

/** A rising rate, watched until the objectives break. `counters`: one for each clause of the objectives that counts. */
export function watchChirp(plan: Plan, counters: readonly ChirpCounter[]): Look {
  const rule = plan.chirp as NonNullable<Plan['chirp']>;
  const clauses = countersOf(rule, counters);
  const { stages } = plan.arrivals as Open;
  const blocks: TimedBlock[] = [];
  let open: TimedBlock | null = null;
  let generatorLost = false;
  let onset: number | null = null;

  function close(block: (typeof blocks)[number]): void {
    blocks.push(block);
    onset ??= chirpHurts(blocks, rule);
    open = null;
  }

  return {
    ticks: ticksOf,
    add(tick, meanMs) {
      const part = tick.parts.find((one) => one.part === 'judged');
      if (!part || onset !== null) return;
      const { counts } = part;
      // What a generator dropped says nothing of the target: the chirp reached only what was sent before.
      generatorLost ||= counts.droppedGenerator > 0;
      if (generatorLost || tick.phase === 'grace') return;
      // What ended in this tick was sent a response time before it.
      const sentAtMs = Math.max(0, (tick.fromMs + tick.toMs) / 2 - meanMs);
      const { ended, lost } = endsOf(part);
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
        own: clauses.map(() => []),
      };
      const seconds = (tick.toMs - tick.fromMs) / 1_000;
      open.rate = (open.rate * open.seconds + rateAt(stages, sentAtMs) * seconds) / (open.seconds + seconds);
      open.seconds += seconds;
      open.n += Math.max(counts.planned, ended);
      open.decided += ended;
      open.good += counts.good;
      if (part.responseTime !== null) open.latencies.push(part.responseTime);
      for (const [j, clause] of clauses.entries()) {
        const times = timesOf(part, clause);
        if (times !== null) open.own[j]!.push(times);
      }
      open.outstanding = tick.outstanding + tick.waiting;
      open.lost += lost;
      addBad(open.bad, { clauses, part, meanMs });
      if (open.seconds * 1_000 >= BLOCK_MS - SLACK_MS) close(open);
    },
    found: (unit) => (onset === null ? null : `objectives first broke at about ${amount(onset, unit)}`),
    evidence: () => ({
      type: 'chirp',
      onset,
      restMs: atRest(),
      levels: levels(),
      blocks: blocks.map(({ n, bad, latencies: _, own: __, ...block }) => ({
        ...block,
        planned: n,
        bad: bad.map(Math.round),
      })),
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
    const calm = blocks.filter(({ rate }) => rate < top * AT_REST);
    return rule.shares.map((share, j) => {
      const times = joinHistograms(calm.flatMap(({ own }) => own[j] ?? []));
      return calmTimeMs(times, clauses[j] as ChirpCounter, share);
    });
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
