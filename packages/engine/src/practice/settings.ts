import { HiveError } from '@hive/contract';
import { CACHE_POLICIES, type CachePolicy } from './cache.js';
import { DISTRIBUTIONS, type Distribution } from './service-times.js';

/** Everything that decides what the practice target can take. `docs/practice-target.md` says which limit follows from what. */
export interface PracticeSettings {
  /** Slots of each node: how many requests it serves at once. */
  workers: number;
  /** Mean time a request holds its slot, ms. */
  serviceMs: number;
  distribution: Distribution;
  /** Drives the drawn service times. */
  seed: number;
  /** Requests that may wait at one node; one more is answered 503. Infinity: no bound. */
  queueLimit: number;
  /** Addresses that serve, each with slots and queue of its own. */
  nodes: number;
  /** The first node's port, further nodes take the following ones; 0: free ports. */
  port: number;
  host: string;
  /** The node that is slow, from 1; 0: none. */
  slowNode: number;
  /** How many times longer the slow node holds its slots. */
  slowFactor: number;

  /** Path of the heavy class. */
  heavyPath: string;
  /** Mean time a heavy request holds its slot, ms. */
  heavyServiceMs: number;
  /** Slots of each node that heavy requests have to themselves; 0: they share the others' slots and can crowd them out. */
  heavySlots: number;

  /** Keys the cache of `/items/{key}` holds; 0: nothing is ever found. */
  cacheKeys: number;
  cachePolicy: CachePolicy;
  /** One cache for all nodes instead of one for each. */
  cacheShared: boolean;
  /** Time a hit takes, ms. It needs no slot. */
  hitMs: number;

  /** A body above this is answered 413. */
  maxBodyBytes: number;
  /** Rate at which a node moves bodies, both directions and all requests together. Infinity: no bound. */
  bandwidthBytesPerSecond: number;
  /** Rate at which each body moves, however many there are. Infinity: no bound. */
  transferBytesPerSecond: number;
  /** The first bytes of each body, which `transferBytesPerSecond` does not slow. */
  transferBurstBytes: number;

  /** Resident memory that a request leaves behind, all nodes together. */
  leakBytesPerRequest: number;
  /** Requests a second that leave nothing behind; only what comes above leaks. 0: every request does. */
  leakAbovePerSecond: number;
  /** Memory that is leaked at most. */
  leakLimitBytes: number;
  /** Collect garbage whenever the process comes to rest, so that its resident memory shows what is held. */
  collectAtRest: boolean;

  /** `host:port` of the dependency; null: none. */
  dependency: string | null;
  /** Start a dependency of its own. */
  withDependency: boolean;
  /** Time its own dependency takes to answer, ms. */
  dependencyDelayMs: number;
  /** Whether only requests to `/dependent` call the dependency, or all that take a slot. */
  dependencyFor: (typeof DEPENDENCY_USES)[number];
  /** Round trips to the dependency for each request. */
  dependencyTrips: number;
  /** The dependency failed when its answers are not in after this, ms: 503. */
  dependencyTimeoutMs: number;
  /** Connections of each node to the dependency. */
  dependencyConnections: number;
  /** Which idle connection is taken: each in its turn, or the one that was used last, so that proven ones are kept in use. */
  dependencyReuse: (typeof DEPENDENCY_REUSES)[number];
}

export const DEPENDENCY_USES = ['dependent', 'all'] as const;
export const DEPENDENCY_REUSES = ['turn', 'last'] as const;
const UNBOUNDED = Number.POSITIVE_INFINITY;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const PRACTICE_DEFAULTS: Readonly<PracticeSettings> = Object.freeze({
  workers: 8,
  serviceMs: 20,
  distribution: 'constant',
  seed: 1,
  queueLimit: UNBOUNDED,
  nodes: 1,
  port: 0,
  host: '127.0.0.1',
  slowNode: 0,
  slowFactor: 5,
  heavyPath: '/report',
  heavyServiceMs: 100,
  heavySlots: 0,
  cacheKeys: 200,
  cachePolicy: 'lru',
  cacheShared: false,
  hitMs: 1,
  maxBodyBytes: 64 * MIB,
  bandwidthBytesPerSecond: UNBOUNDED,
  transferBytesPerSecond: UNBOUNDED,
  transferBurstBytes: 0,
  leakBytesPerRequest: 0,
  leakAbovePerSecond: 0,
  leakLimitBytes: 512 * MIB,
  collectAtRest: false,
  dependency: null,
  withDependency: false,
  dependencyDelayMs: 5,
  dependencyFor: 'dependent',
  dependencyTrips: 1,
  dependencyTimeoutMs: 1_000,
  dependencyConnections: 8,
  dependencyReuse: 'turn',
} satisfies PracticeSettings);

type Range = [low: number, high: number];
const WHOLE: Partial<Record<keyof PracticeSettings, Range>> = {
  workers: [1, 10_000],
  seed: [0, 0xffff_ffff],
  queueLimit: [0, 10_000_000],
  nodes: [1, 64],
  heavySlots: [0, 10_000],
  cacheKeys: [0, 10_000_000],
  maxBodyBytes: [0, GIB],
  bandwidthBytesPerSecond: [1_000, 100 * GIB],
  transferBytesPerSecond: [1_000, 100 * GIB],
  transferBurstBytes: [0, GIB],
  leakBytesPerRequest: [0, 16 * MIB],
  leakAbovePerSecond: [0, 1_000_000],
  leakLimitBytes: [0, 16 * GIB],
  dependencyTrips: [1, 100],
  dependencyConnections: [1, 1_000],
};
/** Settings that may also be Infinity. */
const UNBOUNDABLE = new Set<string>(['queueLimit', 'bandwidthBytesPerSecond', 'transferBytesPerSecond']);
const ABOVE_ZERO_MS = ['serviceMs', 'heavyServiceMs', 'dependencyTimeoutMs'] as const;
const FROM_ZERO_MS = ['hitMs', 'dependencyDelayMs'] as const;
const LONGEST_MS = 60_000;
/** Paths that already mean something else. */
const TAKEN_PATHS = /^\/(?:$|metrics$|practice(?:\/|$)|dependent$|bytes(?:\/|$)|items(?:\/|$))/;

/**
 * Fills in the defaults.
 * @throws HiveError `validation` naming the setting that is out of its range.
 */
export function practiceSettings(given: Partial<PracticeSettings> = {}): PracticeSettings {
  const settings = { ...PRACTICE_DEFAULTS, ...given };
  for (const [field, range] of Object.entries(WHOLE)) {
    const value = settings[field as keyof PracticeSettings] as number;
    if (!(value === UNBOUNDED && UNBOUNDABLE.has(field))) whole(field, value, range);
  }
  whole('port', settings.port, [0, 65_536 - settings.nodes]);
  whole('slowNode', settings.slowNode, [0, settings.nodes]);
  for (const field of ABOVE_ZERO_MS) {
    if (!(settings[field] > 0 && settings[field] <= LONGEST_MS)) {
      throw refuse(field, settings[field], `a number above 0, at most ${LONGEST_MS} (ms)`);
    }
  }
  for (const field of FROM_ZERO_MS) {
    if (!(settings[field] >= 0 && settings[field] <= LONGEST_MS)) {
      throw refuse(field, settings[field], `a number from 0 to ${LONGEST_MS} (ms)`);
    }
  }
  if (!(settings.slowFactor >= 1 && settings.slowFactor <= 1_000)) {
    throw refuse('slowFactor', settings.slowFactor, 'a number from 1 to 1000');
  }
  oneOf('distribution', settings.distribution, DISTRIBUTIONS);
  oneOf('cachePolicy', settings.cachePolicy, CACHE_POLICIES);
  oneOf('dependencyFor', settings.dependencyFor, DEPENDENCY_USES);
  oneOf('dependencyReuse', settings.dependencyReuse, DEPENDENCY_REUSES);
  checkHeavyPath(settings.heavyPath);
  checkDependency(settings);
  return settings;
}

function checkHeavyPath(path: string): void {
  if (!/^\/[\w.~/-]*$/.test(path) || TAKEN_PATHS.test(path)) {
    throw refuse('heavyPath', path, 'a path of its own, such as /report');
  }
}

function checkDependency({ dependency, withDependency }: PracticeSettings): void {
  if (dependency === null) return;
  if (withDependency) throw refuse('dependency', dependency, 'left out if withDependency starts one');
  const port = Number(/^[^\s]+:(\d{1,5})$/.exec(dependency)?.[1]);
  if (!(port >= 1 && port <= 65_535)) throw refuse('dependency', dependency, 'host:port, such as 127.0.0.1:9200');
}

function oneOf(field: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw refuse(field, value, `one of ${allowed.join(', ')}`);
}

function whole(field: string, value: number, [low, high]: Range): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw refuse(field, value, `a whole number from ${low} to ${high}`);
  }
}

function refuse(field: string, value: unknown, wanted: string): HiveError {
  return new HiveError('validation', `${field} is ${String(value)}, but must be ${wanted}`, { details: { field } });
}
