import { HiveError } from '@hive/contract';
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
}

export const PRACTICE_DEFAULTS: Readonly<PracticeSettings> = Object.freeze({
  workers: 8,
  serviceMs: 20,
  distribution: 'constant',
  seed: 1,
  queueLimit: Number.POSITIVE_INFINITY,
  nodes: 1,
  port: 0,
  host: '127.0.0.1',
});

/**
 * Fills in the defaults.
 * @throws HiveError `validation` naming the setting that is out of its range.
 */
export function practiceSettings(given: Partial<PracticeSettings> = {}): PracticeSettings {
  const settings = { ...PRACTICE_DEFAULTS, ...given };
  whole('workers', settings.workers, [1, 10_000]);
  if (!(settings.serviceMs > 0 && settings.serviceMs <= 60_000)) {
    throw refuse('serviceMs', settings.serviceMs, 'a number above 0, at most 60000 (ms)');
  }
  if (!DISTRIBUTIONS.includes(settings.distribution)) {
    throw refuse('distribution', settings.distribution, `one of ${DISTRIBUTIONS.join(', ')}`);
  }
  whole('seed', settings.seed, [0, 0xffff_ffff]);
  if (settings.queueLimit !== Number.POSITIVE_INFINITY) whole('queueLimit', settings.queueLimit, [0, 10_000_000]);
  whole('nodes', settings.nodes, [1, 64]);
  whole('port', settings.port, [0, 65_536 - settings.nodes]);
  return settings;
}

function whole(field: string, value: number, [low, high]: [low: number, high: number]): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw refuse(field, value, `a whole number from ${low} to ${high}`);
  }
}

function refuse(field: string, value: unknown, wanted: string): HiveError {
  return new HiveError('validation', `${field} is ${String(value)}, but must be ${wanted}`, { details: { field } });
}
