import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import {
  limitFiles,
  parseLimit,
  parseProcess,
  parseSchedule,
  parseStat,
  type MachineReading,
  type ProcessReading,
  type ThreadReading,
} from './reading.js';
import { parseTcp, parseUnix, socketInode } from './sockets.js';

/** What the kernel shows of this machine. */
export interface Proc {
  /** Threads are read of these processes. Null where it shows nothing: not Linux. */
  read(target: Iterable<number>): MachineReading | null;
  /** The processes that hold a listening socket: on one of the ports, or at one of the paths. */
  listening(on: { ports: readonly number[]; paths: readonly string[] }): number[];
}

/** Linux' /proc. What cannot be read is left out: processes end while one reads them, and those of other users hide things. */
export function createProc(root = '/proc'): Proc {
  let limitFile: string | null | undefined;

  function pids(): number[] {
    return (attempt(() => readdirSync(root)) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  }

  function processes(): Map<number, ProcessReading> {
    const found = new Map<number, ProcessReading>();
    for (const pid of pids()) {
      const process = parseProcess(text(`${root}/${pid}/stat`));
      if (process !== null) found.set(pid, process);
    }
    return found;
  }

  function threadsOf(target: Iterable<number>): Map<number, ThreadReading> {
    const found = new Map<number, ThreadReading>();
    for (const pid of target) {
      for (const thread of attempt(() => readdirSync(`${root}/${pid}/task`)) ?? []) {
        const schedule = parseSchedule(text(`${root}/${pid}/task/${thread}/schedstat`));
        if (schedule !== null) found.set(Number(thread), schedule);
      }
    }
    return found;
  }

  function limit(): MachineReading['limit'] {
    limitFile ??= limitFiles(text(`${root}/self/cgroup`)).find((file) => text(file) !== '') ?? null;
    return limitFile === null ? null : parseLimit(text(limitFile));
  }

  return {
    read(target) {
      const stat = parseStat(text(`${root}/stat`));
      if (stat === null) return null;
      return {
        monotonicMs: performance.now(),
        wallMs: Date.now(),
        ...stat,
        limit: limit(),
        processes: processes(),
        threads: threadsOf(target),
      };
    },
    listening({ ports, paths }) {
      const tcp = [text(`${root}/net/tcp`), text(`${root}/net/tcp6`)].flatMap(parseTcp);
      const unix = paths.length === 0 ? '' : text(`${root}/net/unix`);
      const inodes = new Set([
        ...tcp.filter(({ port }) => ports.includes(port)).map(({ inode }) => inode),
        ...paths.flatMap((path) => parseUnix(unix, path)),
      ]);
      return inodes.size === 0 ? [] : pids().filter((pid) => holds(pid, inodes));
    },
  };

  function holds(pid: number, inodes: ReadonlySet<string>): boolean {
    const folder = `${root}/${pid}/fd`;
    return (attempt(() => readdirSync(folder)) ?? []).some((file) => {
      const inode = socketInode(attempt(() => readlinkSync(`${folder}/${file}`)) ?? '');
      return inode !== null && inodes.has(inode);
    });
  }
}

const text = (path: string): string => attempt(() => readFileSync(path, 'latin1')) ?? '';

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
