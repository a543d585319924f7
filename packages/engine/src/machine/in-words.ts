import type { MachineState } from '@hive/contract';
import { LONG_SUSPENDED_MS, MUCH_TAKEN, type Usage } from './usage.js';

const MOST_NAMES = 3;
/** Less is not worth a name. */
const LEAST_CORES = 0.1;

/** Who uses the machine, in one sentence without its end: `others use 1.6 of 2 cores: chromium 0.9, node 0.7`. */
export function inWords(usage: Usage): string {
  const { cores, others, stealShare, throttledShare, suspendedMs } = usage;
  if (suspendedMs > LONG_SUSPENDED_MS)
    return `this machine was suspended, or its clock was set, for ${(suspendedMs / 1_000).toFixed(1)} s`;
  if (throttledShare >= MUCH_TAKEN && throttledShare > others / cores)
    return `the CPU limit of this container held Hive back ${percent(throttledShare)} of the time`;
  if (stealShare >= MUCH_TAKEN && stealShare > others / cores)
    return `the hypervisor gives ${percent(stealShare)} of this machine's CPU time to others`;
  const names = byName(usage)
    .slice(0, MOST_NAMES)
    .map(({ name, cores: used }) => `${name} ${used.toFixed(1)}`);
  return `others use ${others.toFixed(1)} of ${cores} cores${names.length > 0 ? `: ${names.join(', ')}` : ''}`;
}

/** How the machine stands to a session. */
export interface Standing {
  busy: boolean;
  waiting: boolean;
  /** No run could be judged now, unless it passes. */
  hopeless: boolean;
}

const NOTHING = 'Nothing can be measured now.';
/** A target that sleeps most of its time can be measured on a full machine, as long as Hive is not late. */
const SOME = 'Runs that fail meanwhile may not be judged.';

/** What everybody is told: the sentence, and its figures. */
export function stateOf(usage: Usage, { busy, waiting, hopeless }: Standing): MachineState {
  const words = inWords(usage);
  const sentence = `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
  const round = (value: number): number => Number(value.toFixed(2));
  return {
    busy,
    waiting,
    text: busy ? `${sentence} ${hopeless ? NOTHING : SOME}` : 'This machine is quiet again.',
    cores: usage.cores,
    othersCores: round(usage.others),
    hiveCores: round(usage.hive),
    targetCores: round(usage.target),
    stealShare: round(usage.stealShare),
    throttledShare: round(usage.throttledShare),
    processes: byName(usage).map(({ name, cores }) => ({ name, cores: round(cores) })),
  };
}

/** A browser is one name, however many processes it has. */
function byName({ heaviest }: Usage): { name: string; cores: number }[] {
  const sums = new Map<string, number>();
  for (const { name, cores } of heaviest) sums.set(name, (sums.get(name) ?? 0) + cores);
  return [...sums]
    .map(([name, cores]) => ({ name, cores }))
    .filter(({ cores }) => cores >= LEAST_CORES)
    .sort((a, b) => b.cores - a.cores);
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
