import type { Plan } from '@hive/contract';
import { amount } from '../../figure.js';
import { hurtingShare } from '../../learning/belief/stopping.js';
import {
  CLOSED_LOOK_CHANCE,
  CLOSED_LOOK_GROWTH,
  CLOSED_LOOK_STALLS,
  CLOSED_LOOK_TELLING,
} from '../../learning/weights.js';
import type { Tick, TickPart } from '../../measuring.js';
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

/** Ticks of a level. */
const TICKS_A_LEVEL = 6;
const LEAST_TICK_MS = 25;

interface Level {
  connections: number;
  /** When the newest good answer of its planned time came, ms. */
  newestMs: number;
  /** Good answers that came by then. */
  good: number;
  lost: number;
  ended: number;
  bad: number[];
  /** By clause: the times that it is about. */
  own: Uint8Array[][];
}

/** 1, 2, 4 … requests under way, until no more are answered a second, or an objective breaks. `counters`: as of a chirp. */
export function watchClosedLook(plan: Plan, counters: readonly ChirpCounter[]): Look {
  const rule = plan.chirp as NonNullable<Plan['chirp']>;
  const levels = rule.levels ?? [1];
  const levelMs = plan.durationMs / levels.length;
  const clauses = countersOf(rule, counters);
  const done: Level[] = [];
  let isOver = false;
  /** It answered no more, or an objective broke; else the levels came to their end. */
  let isFull = false;
  /** How many of the newest levels were answered no faster than one before them. */
  let stalled = 0;

  /** The most answers a second; null: there was none. */
  const best = (): number | null => Math.max(0, ...done.map(rateOf)) || null;

  function close(level: Level): void {
    const before = best() ?? 0;
    done.push(level);
    const most = (share: number): number =>
      Math.max(CLOSED_LOOK_CHANCE, hurtingShare(share, rule.gentle) * level.ended);
    const broke = rule.shares.some((share, j) => level.bad[j]! > Math.min(most(share), level.ended - 1));
    const grew = level.good > 0 && rateOf(level) >= CLOSED_LOOK_GROWTH * before;
    // A level of few answers may be slower by chance: the next one tells.
    stalled = grew ? 0 : stalled + 1;
    const isTelling = level.ended >= CLOSED_LOOK_TELLING || stalled >= CLOSED_LOOK_STALLS;
    isFull = broke || (!grew && isTelling);
    isOver = isFull || done.length === levels.length;
  }

  function add(level: Level, tick: Tick): void {
    for (const part of tick.parts) addPart(level, part, clauses);
    const newestMs = Math.max(0, ...tick.parts.map(({ goodBetweenMs }) => goodBetweenMs?.[1] ?? 0));
    if (newestMs > 0 && tick.fromMs < levelMs) {
      level.newestMs = newestMs;
      level.good += tick.parts.reduce((sum, { counts }) => sum + counts.good, 0);
    }
    if (tick.last) close(level);
  }

  return {
    async *ticks(whole, gather) {
      const { order, signal } = whole;
      const { arrivals, seed } = order;
      if (arrivals.model !== 'closed') throw new Error('a closed look needs a closed model');
      const tickMs = Math.max(LEAST_TICK_MS, Math.ceil(levelMs / TICKS_A_LEVEL));
      let sinceMs = 0;
      for (;;) {
        const connections = levels[done.length] as number;
        const level = levelOf(connections, clauses.length);
        const own = { ...arrivals, connections };
        const run = { ...order, arrivals: own, durationMs: levelMs, tickMs, seed: seed + connections };
        let endMs = sinceMs;
        for await (const tick of ticksOf({ ...whole, order: run }, { add: (one) => add(level, one) })) {
          endMs = sinceMs + tick.toMs;
          const last = tick.last && (isOver || signal.aborted);
          const shown = { ...tick, fromMs: sinceMs + tick.fromMs, toMs: endMs, last };
          gather.add(shown);
          yield shown;
        }
        sinceMs = endMs;
        if (isOver || signal.aborted) return;
      }
    },
    // Each level counts its ticks as they come.
    add() {},
    found(unit) {
      const most = best();
      if (!isFull) return null;
      return most === null ? 'no request was answered well' : `it answers at most about ${amount(most, unit)}`;
    },
    evidence(): ChirpEvidence {
      const restMs = rule.shares.map((share, j) => {
        const calm = joinHistograms(done[0]?.own[j] ?? []);
        return calmTimeMs(calm, clauses[j] as ChirpCounter, share);
      });
      const most = best();
      const blocks = most === null ? [] : done.map(toBlock);
      return { type: 'chirp', closed: true, onset: isFull ? most : null, restMs, blocks };
    },
  };
}

function levelOf(connections: number, clauses: number): Level {
  const bad = Array.from({ length: clauses }, () => 0);
  const own = Array.from({ length: clauses }, () => []);
  return { connections, newestMs: 0, good: 0, lost: 0, ended: 0, bad, own };
}

/** Good answers a second. */
function rateOf({ good, newestMs }: Level): number {
  return newestMs === 0 ? 0 : (1_000 * good) / newestMs;
}

function toBlock(level: Level): ChirpEvidence['blocks'][number] {
  const { connections, newestMs, good, lost, ended, bad } = level;
  return {
    seconds: newestMs / 1_000,
    rate: rateOf(level),
    planned: ended,
    decided: ended,
    outstanding: connections,
    good,
    lost,
    bad: bad.map(Math.round),
  };
}

function addPart(level: Level, part: TickPart, clauses: readonly ChirpCounter[]): void {
  const { responseTime } = part;
  const { ended, lost } = endsOf(part);
  level.ended += ended;
  level.lost += lost;
  for (const [j, clause] of clauses.entries()) {
    const times = timesOf(part, clause);
    if (times !== null) level.own[j]!.push(times);
  }
  const { mean } = mergeLatency(responseTime === null ? [] : [responseTime]);
  addBad(level.bad, { clauses, part, meanMs: mean });
}
