import type { Around } from '../measuring.js';
import { inWords } from './in-words.js';
import { LONG_SUSPENDED_MS, MUCH_TAKEN, type Usage } from './usage.js';

/** What counts as left too little. By hand: bench/learning/busy.mjs is to confirm it. */
const LIMITS = {
  /** No core has time left. */
  fullIdleShare: 0.05,
  /** Of a full machine, what others use that cannot be left out of account. */
  othersShare: 0.25,
  /** Others that are worth a word. */
  sharedShare: 0.1,
  /** Others leave no room to measure in, whatever little a run needs. */
  roomShare: 0.75,
  /** What others and a run may use together. */
  togetherShare: 0.95,
  /** A target that could have run for this share of the time may have needed more. */
  strained: 0.7,
  /** So much of a run may be spoiled by such. */
  spoiledShare: 0.1,
} as const;

/** Whether others left nothing of the machine, or something beneath it took much. */
export function isFull(usage: Usage): boolean {
  const { cores, idle, others } = usage;
  return (idle <= LIMITS.fullIdleShare * cores && others >= LIMITS.othersShare * cores) || isTaken(usage);
}

/** Whether that may have kept the target from what it can do: one that sleeps most of its time gets what it needs on a full machine too. */
export function isStarved(usage: Usage): boolean {
  const { strain } = usage;
  return isTaken(usage) || (isFull(usage) && (strain === null || strain >= LIMITS.strained));
}

/** By what lies beneath all processes. */
function isTaken(usage: Usage): boolean {
  const { stealShare, throttledShare } = usage;
  return stealShare >= MUCH_TAKEN || throttledShare >= MUCH_TAKEN || isSuspended(usage);
}

const isSuspended = ({ suspendedMs }: Usage): boolean => suspendedMs > LONG_SUSPENDED_MS;

/** What shared the machine with a run, from looks one after another. */
export function aroundOf(usages: readonly Usage[]): Around {
  const allMs = usages.reduce((sum, { spanMs }) => sum + spanMs, 0);
  if (allMs === 0) return { state: 'unknown' };
  const shareOf = (some: readonly Usage[]): number => some.reduce((sum, { spanMs }) => sum + spanMs, 0) / allMs;
  const [full, starved] = [usages.filter(isFull), usages.filter(isStarved)];
  if (shareOf(starved) >= LIMITS.spoiledShare || starved.some(isSuspended))
    return { state: 'busy', by: inWords(overTime(starved)) };
  if (shareOf(full) >= LIMITS.spoiledShare) return { state: 'full', by: inWords(overTime(full)) };
  const { others, cores } = overTime(usages);
  return { state: others >= LIMITS.sharedShare * cores ? 'shared' : 'quiet' };
}

/** While nothing is sent: whether a run that needs this many cores has room. */
export function hasRoom(usage: Usage, neededCores: number): boolean {
  const { cores, others, stealShare, throttledShare } = usage;
  return (
    others <= LIMITS.roomShare * cores &&
    others + neededCores <= Math.max(LIMITS.togetherShare * cores, neededCores + LIMITS.sharedShare * cores) &&
    stealShare < MUCH_TAKEN &&
    throttledShare < MUCH_TAKEN
  );
}

/** One usage over the time of several. */
export function overTime(usages: readonly Usage[]): Usage {
  const spanMs = usages.reduce((sum, one) => sum + one.spanMs, 0);
  const mean = (value: (usage: Usage) => number): number =>
    usages.reduce((sum, one) => sum + value(one) * one.spanMs, 0) / Math.max(1, spanMs);
  const pids = new Map(usages.flatMap(({ heaviest }) => heaviest.map(({ pid, name }) => [pid, name] as const)));
  const heaviest = [...pids].map(([pid, name]) => ({
    pid,
    name,
    cores: mean((usage) => usage.heaviest.find((one) => one.pid === pid)?.cores ?? 0),
  }));
  return {
    spanMs,
    cores: Math.max(1, ...usages.map(({ cores }) => cores)),
    idle: mean(({ idle }) => idle),
    hive: mean(({ hive }) => hive),
    target: mean(({ target }) => target),
    strain: usages.some(({ strain }) => strain === null) ? null : mean(({ strain }) => strain ?? 0),
    others: mean(({ others }) => others),
    heaviest: heaviest.sort((a, b) => b.cores - a.cores),
    stealShare: mean(({ stealShare }) => stealShare),
    throttledShare: mean(({ throttledShare }) => throttledShare),
    suspendedMs: usages.reduce((sum, one) => sum + one.suspendedMs, 0),
  };
}
