import type { ErrorKind, RequestClass } from '@hive/contract';
import { createRandom, type Random } from '../../src/random.js';

/** How a virtual service behaves. Times in ms. */
export interface ServiceSettings {
  /** Requests that each of its nodes works on at once; the others wait in one line a node. */
  slots: number;
  /** How long one takes, drawn anew for each. */
  serviceMs(random: Random): number;
  /** Who would wait longer than this is refused with 503, or never answered. */
  mostWaitMs: number;
  beyond: 'refused' | 'never answered';
  /** Stands still now and then: the mean gap between pauses, and their length. */
  pauses?: { everyMs: number; lastMs: number };
  /** Names of the nodes behind its one address, as its answers tell them. */
  behind?: readonly string[];
  /** Keys whose values it keeps, and what it costs to fetch another. */
  cachedKeys: number;
  missMs: number;
  /** How quickly a slot moves a body. */
  bytesPerSecond: number;
  leakBytesPerRequest: number;
}

/** What becomes of one request. */
export interface Served {
  /** From its sending to its end; Infinity: it is never answered. */
  tookMs: number;
  /** What was wrong with it; null: a good answer. */
  error: ErrorKind | null;
  cache: 'hit' | 'miss' | null;
  /** Which node says that it answered. */
  servedBy: string | null;
}

/** A toxic as it lies on a link: its type, its attributes, and the share of the requests that it is on. */
export interface VirtualToxic {
  type: string;
  attributes: Record<string, number>;
  share: number;
}

export interface VirtualService {
  serve(request: {
    atMs: number;
    node: string;
    via: number | null;
    sent: RequestClass;
    key: number;
    bytes: number;
  }): Served;
  /** The faults on a way to it, by the port of its proxy. */
  ways: Map<number, Map<string, VirtualToxic>>;
  /** The faults between it and what it calls itself. */
  dependency: Map<string, VirtualToxic>;
  memoryBytes(): number;
}

/** A delay between it and its dependency is met so often in each request. */
const ROUND_TRIPS = 2;
const REST_BYTES = 64 * 1024 ** 2;
const QUICK_MS = 1;

/** A service in virtual time: first come, first served. The same seed serves the same requests in the same way. */
export function createVirtualService(settings: ServiceSettings, seed: number): VirtualService {
  const random = createRandom(seed);
  const nodes = new Map<string, Float64Array>();
  const cached = new Map<string, Set<number>>();
  const ways = new Map<number, Map<string, VirtualToxic>>();
  const dependency = new Map<string, VirtualToxic>();
  let served = 0;
  let nextPauseMs = settings.pauses ? settings.pauses.everyMs * random.exponential() : Infinity;
  let turn = 0;

  function pauseUntil(atMs: number): void {
    while (settings.pauses && nextPauseMs <= atMs) {
      const { everyMs, lastMs } = settings.pauses;
      const overMs = nextPauseMs + lastMs;
      for (const free of nodes.values())
        for (const [slot, freeMs] of free.entries()) free[slot] = Math.max(freeMs, overMs);
      nextPauseMs = overMs + everyMs * random.exponential();
    }
  }

  /** Null: whoever waits so long is not served. */
  function startOn(free: Float64Array, atMs: number): { slot: number; startMs: number } | null {
    let slot = 0;
    for (let other = 1; other < free.length; other += 1) if (free[other]! < free[slot]!) slot = other;
    const startMs = Math.max(atMs, free[slot]!);
    return startMs - atMs > settings.mostWaitMs ? null : { slot, startMs };
  }

  function lookUp(name: string, key: number): 'hit' | 'miss' {
    const kept = cached.get(name) ?? new Set<number>();
    cached.set(name, kept);
    const isHit = kept.delete(key);
    kept.add(key);
    if (kept.size > settings.cachedKeys) kept.delete(kept.values().next().value as number);
    return isHit ? 'hit' : 'miss';
  }

  return {
    ways,
    dependency,
    serve({ atMs, node, via, sent, key, bytes }) {
      pauseUntil(atMs);
      const { behind } = settings;
      const servedBy = behind === undefined ? null : behind[turn++ % behind.length]!;
      const name = servedBy ?? node;
      const free = nodes.get(name) ?? new Float64Array(settings.slots);
      nodes.set(name, free);
      const onWay = suffer([...(via === null ? [] : (ways.get(via)?.values() ?? []))], random, 1);
      if (onWay.error !== null || onWay.isLost)
        return { tookMs: lostMs(onWay), error: onWay.error, cache: null, servedBy: null };
      const start = startOn(free, atMs);
      if (start === null)
        return settings.beyond === 'refused'
          ? { tookMs: QUICK_MS, error: 'http_5xx', cache: null, servedBy }
          : { tookMs: Infinity, error: null, cache: null, servedBy: null };
      const behindIt = suffer([...dependency.values()], random, ROUND_TRIPS);
      const cache = sent.keys === undefined ? null : lookUp(name, key);
      const body = sent.payload === undefined ? 0 : (bytes / settings.bytesPerSecond) * 1_000;
      const missed = cache === 'miss' ? settings.missMs : 0;
      const workMs = settings.serviceMs(random) + body + missed + behindIt.moreMs;
      free[start.slot] = start.startMs + (behindIt.isLost ? 1_000 : workMs);
      served += 1;
      const tookMs = start.startMs - atMs + workMs + onWay.moreMs;
      if (behindIt.error !== null || behindIt.isLost) return { tookMs, error: 'http_5xx', cache: null, servedBy };
      return { tookMs, error: null, cache, servedBy };
    },
    memoryBytes: () => REST_BYTES + served * settings.leakBytesPerRequest,
  };
}

interface Suffered {
  moreMs: number;
  error: ErrorKind | null;
  /** It never comes through. */
  isLost: boolean;
}

function lostMs({ isLost }: Suffered): number {
  return isLost ? Infinity : QUICK_MS;
}

/** What the faults on a link do to one request. */
function suffer(toxics: readonly VirtualToxic[], random: Random, roundTrips: number): Suffered {
  const suffered: Suffered = { moreMs: 0, error: null, isLost: false };
  for (const { type, attributes, share } of toxics) {
    if (share < 1 && random.next() >= share) continue;
    if (type === 'latency') suffered.moreMs += roundTrips * (attributes['latency'] ?? 0);
    else if (type === 'timeout') suffered.isLost = true;
    else if (type === 'reset_peer' || type === 'limit_data') suffered.error = 'reset';
    else if (type === 'slicer' || type === 'bandwidth') suffered.moreMs += 2_000;
  }
  return suffered;
}
