import { createTreeReader, type TreeReading } from './process-tree.js';
import { LEAST_SPAN_MS, type Seen } from './sample.js';

export interface ProcessWatchOptions {
  pid: number;
  /** Its descendants count too, as the workers of nginx. */
  children: boolean;
  now(): number;
  platform?: NodeJS.Platform;
  /** Where the kernel shows its processes. */
  root?: string;
}

/** True where processes can be watched by their number. */
export const canWatchProcesses = (platform: NodeJS.Platform = process.platform): boolean => platform === 'linux';

/** Watches one process, or its tree. A number that passed on to another process is noticed, and nothing is read from that one. */
export function watchProcess(options: ProcessWatchOptions): { look(): Seen } {
  const { pid, now, platform, ...where } = options;
  if (!canWatchProcesses(platform)) {
    const why = `watch.pid: only Linux is supported (it reads /proc): use watch.prometheus instead`;
    return { look: () => ({ values: {}, problems: [why] }) };
  }
  const reader = createTreeReader(where);
  let before: { reading: TreeReading; atMs: number } | null = null;
  let ended: string | null = null;

  return {
    look() {
      if (ended !== null) return { values: {}, problems: [ended] };
      const atMs = now();
      const reading = reader.read(pid);
      ended = whyGone(pid, reading, before?.reading ?? null);
      if (reading === null || ended !== null)
        return { values: {}, problems: ended === null ? [notSeen(pid)] : [ended] };
      const seen = figures(reading);
      const spanMs = before === null ? 0 : atMs - before.atMs;
      if (before !== null && spanMs >= LEAST_SPAN_MS) addCpu(seen, reading.cpuMs - before.reading.cpuMs, spanMs);
      if (before === null || spanMs >= LEAST_SPAN_MS) before = { reading, atMs };
      return seen;
    },
  };
}

function whyGone(pid: number, now: TreeReading | null, before: TreeReading | null): string | null {
  if (before === null) return null;
  if (now === null) return `watch.pid: process ${pid} has ended`;
  if (now.startTicks === before.startTicks) return null;
  return `watch.pid: process ${pid} has ended, and another process has its number now`;
}

const notSeen = (pid: number): string =>
  `watch.pid: there is no process ${pid} on this machine: name another, or use watch.prometheus`;

function figures({ memoryBytes, threads, openFiles }: TreeReading): Seen {
  const values: Seen['values'] = { target_memory: memoryBytes, target_threads: threads };
  if (openFiles === null)
    return { values, problems: ["watch.pid: the open files of another user's process cannot be read"] };
  return { values: { ...values, target_open_files: openFiles }, problems: [] };
}

/** The CPU time of ended children moves to their parent; that of a child that left the tree is lost, and the sum with it. */
function addCpu(seen: Seen, grownMs: number, spanMs: number): void {
  if (grownMs >= 0) seen.values['target_cpu'] = grownMs / spanMs;
  else seen.problems.push('watch.pid: a child process ended, so its CPU time is missing for this second');
}
