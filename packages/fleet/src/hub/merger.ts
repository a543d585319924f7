import { groupOf, joinConsecutive, joinThreads, type GroupCounts, type Tick } from '@hive/engine';

/** A share that is missing in a window is waited for this long. */
const WAIT_MS = 750;

/** Puts the ticks of several load generators for the same window together, in order. What comes late counts in a later window. */
export interface Merger {
  add(share: number, tick: Tick, nowMs: number): void;
  /** Passes on windows whose missing shares were waited for long enough. */
  expire(nowMs: number): void;
  /** Waits for one no more, but for its last tick at the end. */
  forgo(share: number, nowMs: number): void;
}

interface Share {
  ticks: Tick[];
  /** The newest it said, taken or not. */
  newest: Tick | null;
  ended: boolean;
  /** It fell silent: only its last tick is still to come. */
  forgone: boolean;
}

/** `windowMs`: how often ticks come. `regions`: where each share is, if they are to be counted apart. `emit`: `partial` names the shares that were missing in a window. */
export function createMerger(
  { count, windowMs, regions = [] }: { count: number; windowMs: number; regions?: readonly string[] },
  emit: (tick: Tick, partial: readonly number[]) => void,
): Merger {
  const shares: Share[] = Array.from({ length: count }, () => ({
    ticks: [],
    newest: null,
    ended: false,
    forgone: false,
  }));
  let windowEndMs = windowMs;
  let emittedToMs = 0;
  let firstAtMs: number | null = null;
  let done = false;

  const isReady = ({ newest, ended }: Share): boolean => ended || (newest !== null && newest.toMs >= windowEndMs);
  const hasEnded = ({ ended }: Share): boolean => ended;
  const isSilent = ({ ended, forgone }: Share): boolean => ended || forgone;
  const covers = (share: Share): boolean => isReady(share) || share.forgone;

  function settle(nowMs: number): void {
    while (!done) {
      const missing = shares.flatMap((share, index) => (covers(share) ? [] : [index]));
      // Where nobody has anything for this window it is not over yet, and where nobody sends only last ticks are still to come.
      if (!shares.some(isReady) || (shares.every(isSilent) && !shares.every(hasEnded))) return;
      firstAtMs ??= nowMs;
      if (missing.length > 0 && nowMs - firstAtMs < WAIT_MS) return;
      pass(missing);
      firstAtMs = null;
    }
  }

  function pass(missing: readonly number[]): void {
    const allEnded = shares.every(hasEnded);
    const untilMs = allEnded ? Infinity : windowEndMs;
    const heads = shares.map((share) => takeUntil(share, untilMs));
    const merged = joinThreads(heads, count);
    // One that is gone does not send in this time: the others' time is all there is.
    const sending = heads.filter((head, index) => !shares[index]?.forgone || head.parts.length > 0);
    const sent = sending.length === count ? merged.parts : joinThreads(sending, sending.length).parts;
    done = allEnded;
    const toMs = Math.max(emittedToMs, merged.toMs);
    const parts = byRegion(sent, heads, regions);
    emit({ ...merged, parts, fromMs: emittedToMs, toMs, last: done }, missing);
    emittedToMs = toMs;
    windowEndMs = (Math.floor(Math.max(windowEndMs, toMs) / windowMs) + 1) * windowMs;
  }

  /** What a share said before a moment, as one tick; nothing but how it stood where it said nothing. */
  function takeUntil(share: Share, untilMs: number): Tick {
    const first = share.ticks.findIndex((tick) => tick.fromMs >= untilMs);
    const taken = share.ticks.splice(0, first < 0 ? share.ticks.length : first);
    const [head, ...rest] = taken;
    return head === undefined ? standing(share) : rest.reduce(joinConsecutive, head);
  }

  function standing({ newest, ended }: Share): Tick {
    return newest === null ? NOTHING : stillOf(newest, ended);
  }

  return {
    add(index, tick, nowMs) {
      const share = shares[index];
      if (share === undefined || share.ended) return;
      share.ticks.push(tick);
      share.newest = tick;
      share.ended = tick.last;
      settle(nowMs);
    },
    expire: settle,
    forgo(index, nowMs) {
      const share = shares[index];
      if (share === undefined) return;
      share.forgone = true;
      settle(nowMs);
    },
  };
}

/** What each region did, beside what all did together. */
function byRegion(parts: Tick['parts'], heads: readonly Tick[], regions: readonly string[]): Tick['parts'] {
  if (regions.length === 0) return parts;
  return parts.map((whole) => {
    const apart = [...new Set(regions)].flatMap((name): [string, GroupCounts][] => {
      const own = heads.filter((_, share) => regions[share] === name);
      const part = joinThreads(own, own.length).parts.find((one) => one.part === whole.part);
      return part === undefined ? [] : [[name, groupOf(part)]];
    });
    return { ...whole, regions: Object.fromEntries(apart) };
  });
}

const STILL = { lateness: null, latenessP99Ms: 0, busy: 0, eventLoopDelayP99Ms: 0, outstandingIntegralMs: 0 } as const;

/** A generator of which nothing is known yet. */
const NOTHING: Tick = {
  fromMs: 0,
  toMs: 0,
  phase: 'warmup',
  parts: [],
  connections: 0,
  peakConnections: 0,
  outstanding: 0,
  waiting: 0,
  health: { ...STILL, endedServiceMs: 0, openAgesMs: 0, clockJumpMs: 0 },
  last: false,
};

/** How a generator stood when it was last heard, without anything that it did: what was open then is open still. */
export function stillOf(newest: Tick, last: boolean): Tick {
  const { toMs, phase, connections, peakConnections, outstanding, waiting, health } = newest;
  return {
    ...NOTHING,
    fromMs: toMs,
    toMs,
    phase,
    connections: last ? 0 : connections,
    peakConnections,
    outstanding,
    waiting,
    health: { ...NOTHING.health, openAgesMs: health.openAgesMs },
    last,
  };
}
