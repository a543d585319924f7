import type { Dependency, PlannedFault, Target } from '@hive/contract';
import { ask, type Ask } from '../checking/ask.js';
import { countedAsk } from '../checking/counted-ask.js';
import { watchMachine, type MachineWatch } from '../machine/machine-watch.js';
import { createProxy, type ProxyOptions } from '../faults/proxy.js';
import { createWatch, type Watch, type WatchOptions } from '../watching/watch.js';
import { remoteToxics } from './remote-toxics.js';
import type { Safeguards } from './guarding/safeguards.js';

/** Puts planned faults on a link and takes them off. */
export interface FaultSwitch {
  put(fault: PlannedFault, name: string): Promise<void>;
  takeOff(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A way to the target on which faults can be laid. */
export interface FaultyWay {
  /** `host:port` that the load dials. */
  readonly listen: string;
  readonly toxics: readonly { name: string }[];
  addToxic(toxic: Pick<PlannedFault, 'type' | 'stream' | 'attributes'> & { name: string; toxicity: number }): unknown;
  removeToxic(name: string): void;
  close(): Promise<void>;
}

/** What a run opens beside its load. A simulation hands in its own. */
export interface Outside {
  createProxy(options: ProxyOptions): Promise<FaultyWay>;
  remoteToxics(from: {
    dependency: Dependency & { proxy: string };
    allowTargets: readonly string[];
  }): Promise<FaultSwitch>;
  createWatch(options: WatchOptions): Pick<Watch, 'sample' | 'close'>;
  ask: Ask;
  watchMachine(of: Pick<Target, 'nodes'>): MachineWatch;
}

/** Real proxies, real processes and pages, real requests. */
export const realOutside: Outside = { createProxy, remoteToxics, createWatch, ask, watchMachine };

/** The real things, but for those that are handed in. What is asked counts to what the session may send. */
export function outsideOf({ outside, safeguards }: { outside?: Partial<Outside>; safeguards?: Safeguards }): Outside {
  const things = { ...realOutside, ...outside };
  return safeguards === undefined
    ? things
    : { ...things, ask: countedAsk(things.ask, safeguards.allowance, safeguards.look) };
}
