import type { Clock } from '@hive/engine';
import type { Bus } from '../bus/bus.js';
import type { Store } from '../store/store.js';

/** Where actions say what happens: the shape of a pino logger. */
export interface Log {
  debug(details: object, text: string): void;
  info(details: object, text: string): void;
  warn(details: object, text: string): void;
  error(details: object, text: string): void;
}

/** The parts that run and tell measurements. */
export interface RunnerParts {
  store: Store;
  bus: Bus;
  clock: Clock;
  log: Log;
}
