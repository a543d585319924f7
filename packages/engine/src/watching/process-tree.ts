import { readdirSync, readFileSync, statSync } from 'node:fs';

/** USER_HZ: the kernel's own interface counts in hundredths of a second on every architecture that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const KIB = 1_024;

/** A process and all its descendants, summed. */
export interface TreeReading {
  /** Start of the first process, kernel ticks after boot: with the number it names a process for good. */
  startTicks: number;
  /** CPU time of all that live, and of their ended children, ms. */
  cpuMs: number;
  /** Resident bytes; pages that several of them share count for each. */
  memoryBytes: number;
  threads: number;
  /** Null where another user's process does not show them. */
  openFiles: number | null;
}

interface Process {
  pid: number;
  parent: number;
  startTicks: number;
  cpuMs: number;
}

/**
 * Reads process trees from Linux' /proc. What it saw before is looked for again: the kernel's list of children may pass over one
 * while others come and go.
 */
export function createTreeReader(options: { children: boolean; root?: string }): {
  /** Null when there is no such process, or only what is left of it until its parent has heard. */
  read(pid: number): TreeReading | null;
} {
  const root = options.root ?? '/proc';
  let known: Process[] = [];
  return {
    read(pid) {
      const first = readProcess(root, pid);
      if (first === null) return null;
      known = options.children ? withDescendants(root, first, known) : [first];
      return sum(root, known);
    },
  };
}

function withDescendants(root: string, first: Process, known: readonly Process[]): Process[] {
  const found = new Map([[first.pid, first]]);
  for (const { pid } of found.values()) {
    for (const child of childrenOf(root, pid)) {
      const process = readProcess(root, child);
      if (process?.parent === pid) found.set(child, process);
    }
    for (const before of known) {
      if (found.has(before.pid) || before.parent !== pid) continue;
      const process = readProcess(root, before.pid);
      if (process?.parent === pid && process.startTicks === before.startTicks) found.set(before.pid, process);
    }
  }
  return [...found.values()];
}

function sum(root: string, processes: readonly Process[]): TreeReading {
  const reading: TreeReading = {
    startTicks: (processes[0] as Process).startTicks,
    cpuMs: 0,
    memoryBytes: 0,
    threads: 0,
    openFiles: 0,
  };
  for (const { pid, cpuMs } of processes) {
    const status = attempt(() => readFileSync(`${root}/${pid}/status`, 'latin1')) ?? '';
    reading.cpuMs += cpuMs;
    reading.memoryBytes += Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * KIB;
    reading.threads += Number(/^Threads:\s*(\d+)$/m.exec(status)?.[1] ?? 0);
    const files = openFiles(root, pid);
    reading.openFiles = files === null || reading.openFiles === null ? null : reading.openFiles + files;
  }
  return reading;
}

/** Fields as in proc_pid_stat(5); the name, in parentheses, may itself hold spaces and parentheses. */
function readProcess(root: string, pid: number): Process | null {
  const text = attempt(() => readFileSync(`${root}/${pid}/stat`, 'latin1'));
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const at = (field: number): number => Number(fields[field - 3]);
  const ticks = at(14) + at(15) + at(16) + at(17);
  return { pid, parent: at(4), startTicks: at(22), cpuMs: (ticks / TICKS_PER_SECOND) * 1_000 };
}

function childrenOf(root: string, pid: number): number[] {
  const threads = attempt(() => readdirSync(`${root}/${pid}/task`)) ?? [];
  return threads.flatMap((thread) => {
    const list = attempt(() => readFileSync(`${root}/${pid}/task/${thread}/children`, 'latin1')) ?? '';
    return list.split(' ').flatMap((text) => (/^\d+$/.test(text.trim()) ? [Number(text)] : []));
  });
}

/** Since Linux 6.2 the size of the directory is the count; before that it is 0. */
function openFiles(root: string, pid: number): number | null {
  const folder = `${root}/${pid}/fd`;
  return attempt(() => statSync(folder).size || readdirSync(folder).length);
}

/** Processes end while one reads them, and those of other users hide things: both are no error here. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
