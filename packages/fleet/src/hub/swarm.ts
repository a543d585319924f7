import { HiveError } from '@hive/contract';
import { TickQueue, type LoadOrder, type LostGenerator, type Tick } from '@hive/engine';
import { monotonicMs, type WireOrder } from '../wire/messages.js';
import type { TickFrame } from '../wire/tick-frames.js';
import { shareOut, spendOn } from './allowed.js';
import { createMerger, type Merger } from './merger.js';
import type { Present } from './presence.js';
import { lastTickOf, type PlannedCounts } from './unaccounted.js';

/** Without a tick for this long, a load generator is lost … */
const LOST_MS = 2_000;
/** … and its tally is waited for this long. */
const TALLY_MS = 10_000;
/** From an abort to the last tick, whatever is missing. */
const ABORT_MS = 450;
/** Each look wakes the hub, which otherwise sleeps from one window to the next. */
const LOOK_MS = 250;
/** What load generators without a region are counted under. */
export const NO_REGION = 'elsewhere';

/** What a run does when one of its load generators is lost. */
export type OnLost = 'abort' | 'continue';

/** One load generator in a run. */
export interface Part {
  present: Present;
  order: WireOrder;
  seq: number;
  newest: Tick | null;
  heardAtMs: number;
  reported: PlannedCounts;
  lateMs: number;
  ended: boolean;
  /** When it was found to be lost, on this machine's monotonic clock; null: it is there. */
  lostAtMs: number | null;
}

/** The load generators of one run while they send. */
export interface Swarm {
  /** Takes a frame of one of them. Returns what to confirm; null: it is not one of theirs, or came before its turn. */
  take(id: string, frame: TickFrame): number | null;
  /** How many of them are still to be heard. */
  sending(): number;
  /** One of them could not go on. */
  failed(id: string, error: HiveError): void;
  ticks: TickQueue;
  /** Ends the run: on an abort, at once. */
  stop(aborted: boolean): void;
  close(): void;
}

export interface SwarmOptions {
  order: LoadOrder;
  parts: Part[];
  /** When it begins, on this machine's monotonic clock. */
  startAtMs: number;
  /** Tells all of them to end, or one. */
  tellStop(only?: string): void;
  /** What comes of the others when one is lost: they end as well, or go on. */
  onLost?: OnLost;
  /** How long the tally of a lost one is waited for; tests have less time. */
  tallyMs?: number;
}

/** Follows the load generators of one run to its last tick. */
export function followSwarm(options: SwarmOptions): Swarm {
  const { order, parts, startAtMs, tellStop, onLost = 'abort', tallyMs = TALLY_MS } = options;
  const ticks = new TickQueue();
  const lost: LostGenerator[] = [];
  let stoppingAtMs: number | null = null;
  let aborted = false;
  let ending: NodeJS.Timeout | undefined;

  const regions = parts.map(({ present }) => present.member.region ?? NO_REGION);
  const merger: Merger = createMerger({ count: parts.length, windowMs: order.tickMs, regions }, (tick) => {
    const startSpreadMs = Math.max(...parts.map(({ lateMs }) => lateMs));
    if (order.allowance !== undefined) spendOn(order.allowance, tick);
    ticks.push({ ...tick, startSpreadMs, ...(lost.length > 0 ? { lost: [...lost] } : {}) });
  });

  function stop(isAbort: boolean): void {
    aborted ||= isAbort;
    stoppingAtMs ??= monotonicMs();
    if (isAbort) ending ??= setTimeout(look, ABORT_MS + 1);
    tellStop();
  }

  function look(): void {
    const nowMs = monotonicMs();
    for (const part of parts) {
      const silentMs = nowMs - Math.max(part.heardAtMs, startAtMs);
      if (!part.ended && part.lostAtMs === null && silentMs > LOST_MS) lose(part);
    }
    giveUpLate(nowMs);
    merger.expire(nowMs);
  }

  function lose(part: Part): void {
    part.lostAtMs = monotonicMs();
    const { member } = part.present;
    // The last one takes the run with it.
    const continued = onLost === 'continue' && parts.some(({ lostAtMs }) => lostAtMs === null);
    const going = continued ? { continued: true as const } : {};
    lost.push({ name: member.name, atMs: part.newest?.toMs ?? 0, unaccounted: 0, ...going });
    if (!continued) return stop(false);
    // It may hear without being heard, such as one that was revoked.
    tellStop(member.id);
    merger.forgo(parts.indexOf(part), part.lostAtMs);
  }

  /** Ends what did not end by itself: after an abort soon, else once its tally was waited for. */
  function giveUpLate(nowMs: number): void {
    for (const [index, part] of parts.entries()) {
      const sinceMs = stoppingAtMs ?? part.lostAtMs;
      const isDue = sinceMs !== null && nowMs - sinceMs > (aborted ? ABORT_MS : tallyMs);
      if (isDue && !part.ended) endFor(index, part, Math.min(sinceMs, part.lostAtMs ?? sinceMs) - startAtMs);
    }
  }

  function endFor(index: number, part: Part, untilMs: number): void {
    const { name } = part.present.member;
    const { newest, reported } = part;
    const { tick, unaccounted } = lastTickOf(
      { ...order, split: part.order.split! },
      { newest, reported, untilMs: Math.min(untilMs, order.warmupMs + order.durationMs) },
    );
    const known = lost.find((one) => one.name === name);
    if (known) known.unaccounted = unaccounted;
    else lost.push({ name, atMs: newest?.toMs ?? 0, unaccounted });
    part.ended = true;
    merger.add(index, { ...tick, ...(aborted ? { endedEarly: 'aborted' as const } : {}) }, monotonicMs());
  }

  const looking = setInterval(look, LOOK_MS);
  return {
    ticks,
    take(id, { seq, tick, lateMs }) {
      const index = parts.findIndex((part) => part.present.member.id === id);
      const part = parts[index];
      if (part === undefined) return null;
      part.heardAtMs = monotonicMs();
      // One that was confirmed before is confirmed again; one that came too early will be sent again.
      if (seq !== part.seq + 1 || part.ended) return part.seq;
      part.seq = seq;
      part.newest = tick;
      part.lateMs = lateMs;
      for (const { part: name, counts } of tick.parts) part.reported[name] += counts.planned;
      part.ended = tick.last;
      // It did not hear the hub for a while and stopped by itself: it sent less than its part.
      const gaveUp = tick.endedEarly === 'aborted' && stoppingAtMs === null && part.lostAtMs === null;
      if (gaveUp) lose(part);
      try {
        merger.add(index, tick, part.heardAtMs);
      } catch (cause) {
        ticks.fail(
          new HiveError('internal', `${part.present.member.name} sent figures that cannot be read`, { cause }),
        );
      }
      return seq;
    },
    sending: () => parts.filter(({ ended, lostAtMs }) => !ended && lostAtMs === null).length,
    failed(id, error) {
      if (parts.some((part) => part.present.member.id === id && !part.ended)) ticks.fail(error);
    },
    stop,
    close() {
      clearInterval(looking);
      clearTimeout(ending);
    },
  };
}

/** What each load generator is told, by their weights. */
export function partsOf(order: LoadOrder, chosen: readonly Present[], weights: readonly number[]): Part[] {
  const { allowance, allowTargets: _, ...rest } = order;
  return chosen.map((present, index) => {
    const split = { index, weights };
    const allowed = allowance === undefined ? {} : { allowed: shareOut(allowance, split) };
    const wire: WireOrder = { ...rest, split, ...allowed };
    const reported = { warmup: 0, judged: 0 };
    return {
      present,
      order: wire,
      seq: 0,
      newest: null,
      heardAtMs: 0,
      reported,
      lateMs: 0,
      ended: false,
      lostAtMs: null,
    };
  });
}
