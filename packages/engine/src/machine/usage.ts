import type { MachineReading, ProcessReading, ThreadReading } from './reading.js';

/** A longer jump of the clock is a suspension, ms. By hand. */
export const LONG_SUSPENDED_MS = 250;
/** More of the CPU time than this, taken by what lies beneath all processes, is worth a word and spoils a failed run. By hand. */
export const MUCH_TAKEN = 0.1;

/** Where the target is: elsewhere, in these processes, or on this machine in processes that cannot be seen. */
export type Whereabouts = 'elsewhere' | 'hidden' | ReadonlySet<number>;

/** What a process used. */
export interface ProcessUsage {
  pid: number;
  name: string;
  cores: number;
}

/** Who used this machine between two readings; in cores, on average. */
export interface Usage {
  spanMs: number;
  cores: number;
  idle: number;
  hive: number;
  /** 0 where it is elsewhere, or cannot be seen. */
  target: number;
  /**
   * How near the target was to needing more CPU time than it got: of its threads that which could have run most of the time, or all of them
   * together over all cores; 0–1. 0 where it is elsewhere; null: it cannot be seen.
   */
  strain: number | null;
  /** All but Hive and the target. */
  others: number;
  /** Of those, the ones that could be seen, the heaviest first. */
  heaviest: ProcessUsage[];
  /** Share of all CPU time that a hypervisor gave to others. */
  stealShare: number;
  /** Share of the time in which the CPU limit of Hive's control group held it back. */
  throttledShare: number;
  /** How far the wall clock went beyond the monotonic one: the machine was suspended, or the clock set. */
  suspendedMs: number;
}

/** What is not worth a name. */
const LEAST_NAMED_CORES = 0.05;

/** Who used the machine between two readings. `hive`: number of Hive's own process; its descendants are Hive, those of the target the target. */
export function usageBetween(
  before: MachineReading,
  after: MachineReading,
  who: { hive: number; target: Whereabouts },
): Usage {
  const spanMs = Math.max(1, after.monotonicMs - before.monotonicMs);
  const { cores } = after;
  const totalMs = Math.max(1, after.cpu.totalMs - before.cpu.totalMs);
  const share = (part: 'idleMs' | 'stealMs'): number =>
    Math.min(1, Math.max(0, (after.cpu[part] - before.cpu[part]) / totalMs));
  const [idle, stealShare] = [cores * share('idleMs'), share('stealMs')];
  const used = (pids: Iterable<number>): number => {
    let ms = 0;
    for (const pid of pids) ms += grownMs('cpuMs', before.processes.get(pid), after.processes.get(pid));
    return Math.min(cores, Math.max(0, ms) / spanMs);
  };
  const target = new Set(typeof who.target === 'string' ? [] : withDescendants(after, who.target));
  const hive = new Set([...withDescendants(after, [who.hive])].filter((pid) => !target.has(pid)));
  const [hiveCores, targetCores] = [used(hive), used(target)];
  const heaviest = [...after.processes]
    .filter(([pid]) => !target.has(pid) && !hive.has(pid))
    // What ended children used is not told under the name of their parent: it would count what was seen before once more.
    .map(([pid, now]) => ({ pid, name: now.name, cores: grownMs('ownMs', before.processes.get(pid), now) / spanMs }))
    .filter((one) => one.cores >= LEAST_NAMED_CORES)
    .sort((a, b) => b.cores - a.cores);
  return {
    spanMs,
    cores,
    idle,
    hive: hiveCores,
    target: targetCores,
    strain: who.target === 'elsewhere' ? 0 : strainOf(before, after, spanMs),
    others: Math.max(0, cores - idle - cores * stealShare - hiveCores - targetCores),
    heaviest,
    stealShare,
    throttledShare: throttledShare(before, after),
    suspendedMs: Math.max(0, after.wallMs - before.wallMs - spanMs),
  };
}

function strainOf(before: MachineReading, after: MachineReading, spanMs: number): number | null {
  if (after.threads.size === 0 || before.threads.size === 0) return null;
  const none: ThreadReading = { cpuMs: 0, waitMs: 0 };
  const shares = [...after.threads].map(([id, now]) => {
    const { cpuMs, waitMs } = before.threads.get(id) ?? none;
    return Math.max(0, now.cpuMs - cpuMs + now.waitMs - waitMs) / spanMs;
  });
  const together = shares.reduce((sum, share) => sum + share, 0) / after.cores;
  return Math.min(1, Math.max(together, ...shares));
}

/** What began in between used all it used since; so did one that got the number of another. */
function grownMs(
  what: 'cpuMs' | 'ownMs',
  before: ProcessReading | undefined,
  after: ProcessReading | undefined,
): number {
  if (after === undefined) return 0;
  return before?.startTicks === after.startTicks ? after[what] - before[what] : after[what];
}

/** These processes and all that descend from them. */
export function withDescendants({ processes }: MachineReading, roots: Iterable<number>): Set<number> {
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of processes) {
    const known = children.get(parent);
    if (known === undefined) children.set(parent, [pid]);
    else known.push(pid);
  }
  const found = new Set(roots);
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return found;
}

function throttledShare({ limit: before }: MachineReading, { limit: after }: MachineReading): number {
  if (before === null || after === null || after.periods <= before.periods) return 0;
  return Math.min(1, Math.max(0, (after.throttled - before.throttled) / (after.periods - before.periods)));
}
