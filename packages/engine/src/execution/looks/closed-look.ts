import type { Evidence, Plan } from '@hive/contract';
import { figure } from '../../figure.js';
import { hurtingShare } from '../../learning/belief/stopping.js';
import { CLOSED_LOOK_GROWTH } from '../../learning/weights.js';
import type { Load, LoadOrder, Tick, TickPart } from '../../measuring.js';
import { mergeLatency, quantileMs } from '../../metrics/collector.js';
import { joinHistograms } from '../../metrics/merge.js';
import { ticksOf } from '../ticks.js';
import { addBad, type ChirpCounter, type ChirpWatch } from './chirp-watch.js';

type ChirpEvidence = Extract<Evidence, { type: 'chirp' }>;
type Block = ChirpEvidence['blocks'][number];

/** Watches levels of requests under way until no more are answered a second, or an objective breaks. */
export interface ClosedLook extends Omit<ChirpWatch, 'add'> {
  /** How many requests are under way next; null: it is over. */
  next(): number | null;
  add(tick: Tick): void;
}

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
  latencies: Uint8Array[];
}

export function watchClosedLook(plan: Plan, counters: readonly ChirpCounter[]): ClosedLook {
  const rule = plan.chirp as NonNullable<Plan['chirp']>;
  const levels = rule.levels ?? [1];
  const levelMs = plan.durationMs / levels.length;
  const clauses = rule.shares.map((_, j) => counters[j % counters.length] ?? 'errors');
  const done: Level[] = [];
  let open: Level | null = null;
  let isOver = false;

  const rateOf = ({ good, newestMs }: Level): number => (newestMs === 0 ? 0 : (1_000 * good) / newestMs);
  const bestOf = (some: readonly Level[]): number => Math.max(0, ...some.map(rateOf));

  function close(level: Level): void {
    const before = bestOf(done);
    done.push(level);
    open = null;
    const broke = rule.shares.some((share, j) => level.bad[j]! > hurtingShare(share, rule.gentle) * level.ended);
    const grew = rateOf(level) >= CLOSED_LOOK_GROWTH * before;
    isOver = broke || !grew || done.length === levels.length;
  }

  return {
    next() {
      if (isOver) return null;
      const connections = levels[done.length] as number;
      open = { connections, newestMs: 0, good: 0, lost: 0, ended: 0, bad: clauses.map(() => 0), latencies: [] };
      return connections;
    },
    add(tick) {
      if (open === null) return;
      for (const part of tick.parts) addPart(open, part, clauses);
      const newestMs = Math.max(0, ...tick.parts.map(({ goodBetweenMs }) => goodBetweenMs?.[1] ?? 0));
      if (newestMs > 0 && tick.fromMs < levelMs) {
        open.newestMs = newestMs;
        open.good += tick.parts.reduce((sum, { counts }) => sum + counts.good, 0);
      }
      if (tick.last) close(open);
    },
    onset: () => (isOver && bestOf(done) > 0 ? bestOf(done) : null),
    evidence() {
      const calm = joinHistograms(done.slice(0, 1).flatMap(({ latencies }) => latencies));
      return {
        type: 'chirp',
        closed: true,
        onset: bestOf(done) > 0 ? bestOf(done) : null,
        restMs: rule.shares.map((share, j) => restMs(calm, clauses[j] ?? 'errors', share)),
        blocks: done.map(toBlock),
      };
    },
  };

  function toBlock(level: Level): Block {
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
}

function addPart(level: Level, part: TickPart, clauses: readonly ChirpCounter[]): void {
  const { counts, responseTime } = part;
  const ended = counts.answered + counts.failed + counts.timedOut + counts.droppedTarget;
  const lost = ended - counts.good;
  level.ended += ended;
  level.lost += lost;
  if (responseTime !== null) level.latencies.push(responseTime);
  const { mean } = mergeLatency(responseTime === null ? [] : [responseTime]);
  addBad(level.bad, { clauses, part, ended, lost, meanMs: mean });
}

function restMs(calm: Uint8Array | null, counter: ChirpCounter, share: number): number | null {
  if (calm === null || counter === 'errors') return null;
  return 'meanMs' in counter ? mergeLatency([calm]).mean : quantileMs(calm, 1 - share);
}

/** Runs level after level; the ticks are those of one run. */
export async function* levelTicks(
  { load, order, signal, look }: { load: Load; order: LoadOrder; signal: AbortSignal; look: ClosedLook },
  { levels }: { levels: number },
  gather: { add(tick: Tick): void },
): AsyncGenerator<Tick, void> {
  const { arrivals, durationMs, seed } = order;
  if (arrivals.model !== 'closed') throw new Error('levels are of a closed model');
  const levelMs = durationMs / levels;
  const tickMs = Math.max(LEAST_TICK_MS, Math.ceil(levelMs / TICKS_A_LEVEL));
  let sinceMs = 0;
  for (let connections = look.next(); connections !== null && !signal.aborted; connections = look.next()) {
    const own = {
      ...order,
      arrivals: { ...arrivals, connections },
      durationMs: levelMs,
      tickMs,
      seed: seed + connections,
    };
    let endMs = sinceMs;
    for await (const tick of ticksOf({ load, order: own, signal }, look)) {
      endMs = sinceMs + tick.toMs;
      const shown = { ...tick, fromMs: sinceMs + tick.fromMs, toMs: endMs, last: tick.last && look.onset() !== null };
      gather.add(shown);
      yield shown;
    }
    sinceMs = endMs;
  }
}

/** What it found, in words. */
export function foundByLook(onset: number, unit: string): string {
  return `it answers at most about ${figure(onset)} ${unit}`;
}
