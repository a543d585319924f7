import { createRandom, type Random } from '../random.js';
import type { FaultyService, VirtualToxic } from './service.js';
import { suffer, type Suffered } from './toxics.js';

/**
 * How a service behaves that works on a few requests at once, while the others wait. Times in ms since the session's start. Its functions may keep
 * a state of their own, so each service needs settings of its own.
 */
export interface QueueSettings {
  /** Requests that each of its nodes works on at once; the others wait in one line a node. */
  slots: number;
  /** How long one takes that begins at `startMs`, drawn anew for each. */
  serviceMs(random: Random, startMs: number): number;
  /** Who would wait longer than this is refused with 503, or never answered. Default: everybody waits. */
  mostWaitMs?: number;
  beyond?: 'refused' | 'never answered';
  /** At most this many wait; later ones are refused. Default: unbounded. */
  mostWaiting?: number;
  /** What an answer takes beyond its time in a slot. */
  afterMs?(random: Random): number;
  /** Called as a request arrives, before it gets a slot: when each slot is free again may be changed. */
  before?(atMs: number, freeMs: Float64Array, random: Random): void;
  /** Whether a request is turned away at once. */
  refuses?(atMs: number): boolean;
  /** Stands still now and then: the mean gap between pauses, and their length. */
  pauses?: { everyMs: number; lastMs: number };
  /** Names of the nodes behind its one address, as its answers tell them. */
  behind?: readonly string[];
  /** Keys whose values it keeps, and what it costs to fetch another. Default: a key costs nothing. */
  cachedKeys?: number;
  missMs?: number;
  /** How quickly a slot moves a body. Default: at once. */
  bytesPerSecond?: number;
  leakBytesPerRequest?: number;
}

/** A delay between it and its dependency is met so often in each request. */
const ROUND_TRIPS = 2;
const REST_BYTES = 64 * 1024 ** 2;
/** What a refusal takes. */
export const QUICK_MS = 1;

/** A service in virtual time: first come, first served. The same seed serves the same requests in the same way. */
export function createQueue(settings: QueueSettings, seed: number): FaultyService {
  const random = createRandom(seed);
  const { mostWaitMs = Infinity, bytesPerSecond = Infinity, missMs = 0, leakBytesPerRequest = 0, behind } = settings;
  const { serviceMs, afterMs, before, refuses } = settings;
  const refused = { tookMs: QUICK_MS, error: 'http_5xx', cache: null } as const;
  const nodes = new Map<string, Node>();
  const ways = new Map<number, Map<string, VirtualToxic>>();
  const dependency = new Map<string, VirtualToxic>();
  const lookUp = createCache(settings.cachedKeys ?? 0);
  let served = 0;
  let nextPauseMs = settings.pauses ? settings.pauses.everyMs * random.exponential() : Infinity;
  let turn = 0;

  function pauseUntil(atMs: number): void {
    while (settings.pauses && nextPauseMs <= atMs) {
      const { everyMs, lastMs } = settings.pauses;
      const overMs = nextPauseMs + lastMs;
      for (const { free } of nodes.values())
        for (const [slot, freeMs] of free.entries()) free[slot] = Math.max(freeMs, overMs);
      nextPauseMs = overMs + everyMs * random.exponential();
    }
  }

  function nodeOf(name: string): Node {
    const known = nodes.get(name);
    if (known !== undefined) return known;
    const node = { free: new Float64Array(settings.slots), line: createLine(settings.mostWaiting ?? Infinity) };
    nodes.set(name, node);
    return node;
  }

  return {
    ways,
    dependency,
    serve({ atMs, node, via, sent, key, bytes }, answer) {
      pauseUntil(atMs);
      const servedBy = behind === undefined ? null : behind[turn++ % behind.length]!;
      const name = servedBy ?? node;
      const { free, line } = nodeOf(name);
      before?.(atMs, free, random);
      const onWay = sufferOnWay(via);
      if (onWay.error !== null || onWay.isLost)
        return answer({ tookMs: lostMs(onWay), error: onWay.error, cache: null, servedBy: null });
      if (refuses?.(atMs) === true) return answer({ ...refused, servedBy });
      const slot = firstFree(free);
      const startMs = Math.max(atMs, free[slot]!);
      if (startMs - atMs > mostWaitMs)
        return settings.beyond === 'never answered'
          ? answer({ tookMs: Infinity, error: null, cache: null, servedBy: null })
          : answer({ ...refused, servedBy });
      if (!line.enters(atMs, startMs)) return answer({ ...refused, servedBy });
      const behindIt = dependency.size === 0 ? UNHARMED : suffer(dependency.values(), random, ROUND_TRIPS);
      const cache = sent.keys === undefined ? null : lookUp(name, key);
      const body = sent.payload === undefined ? 0 : (bytes / bytesPerSecond) * 1_000;
      const workMs = serviceMs(random, startMs) + body + (cache === 'miss' ? missMs : 0) + behindIt.moreMs;
      free[slot] = startMs + (behindIt.isLost ? 1_000 : workMs);
      served += 1;
      const isWell = behindIt.error === null && !behindIt.isLost;
      const tookMs = startMs - atMs + workMs + onWay.moreMs + (afterMs?.(random) ?? 0);
      answer({ tookMs, error: isWell ? null : 'http_5xx', cache: isWell ? cache : null, servedBy });
    },
    idleAtMs: () =>
      Math.max(0, ...[...nodes.values()].flatMap(({ free }) => [...free]).filter((freeMs) => freeMs < Infinity)),
    memoryBytes: () => REST_BYTES + served * leakBytesPerRequest,
  };

  function sufferOnWay(via: number | null): Suffered {
    const toxics = via === null ? undefined : ways.get(via);
    return toxics === undefined ? UNHARMED : suffer(toxics.values(), random, 1);
  }
}

interface Node {
  /** When each slot is free again. */
  free: Float64Array;
  line: Line;
}

const UNHARMED: Suffered = { moreMs: 0, error: null, isLost: false };

function lostMs({ isLost }: Suffered): number {
  return isLost ? Infinity : QUICK_MS;
}

function firstFree(free: Float64Array): number {
  let slot = 0;
  for (let other = 1; other < free.length; other += 1) if (free[other]! < free[slot]!) slot = other;
  return slot;
}

/** Those that wait on a node. */
interface Line {
  /** Whether one that would start then finds room. */
  enters(atMs: number, startMs: number): boolean;
}

function createLine(most: number): Line {
  if (most === Infinity) return { enters: () => true };
  const starts: number[] = [];
  return {
    enters(atMs, startMs) {
      while (starts.length > 0 && starts[0]! <= atMs) starts.shift();
      if (startMs > atMs && starts.length >= most) return false;
      if (startMs > atMs) starts.push(startMs);
      return true;
    },
  };
}

/** The last keys that each node was asked for. */
function createCache(keys: number): (node: string, key: number) => 'hit' | 'miss' {
  const cached = new Map<string, Set<number>>();
  return (node, key) => {
    const kept = cached.get(node) ?? new Set<number>();
    cached.set(node, kept);
    const isHit = kept.delete(key);
    kept.add(key);
    if (kept.size > keys) kept.delete(kept.values().next().value as number);
    return isHit ? 'hit' : 'miss';
  };
}
