import type { Clock } from '@hive/engine';
import type { Bus } from '../bus/bus.js';
import type { Log } from '../log.js';
import type { Sink } from '../sinks/sink.js';
import type { Store } from '../store/store.js';

/** The parts that run and tell measurements. */
export interface RunnerParts {
  store: Store;
  bus: Bus;
  clock: Clock;
  log: Log;
  /** Where the figures of each session go beside the store; absent: nowhere. */
  sink?: Sink;
}
