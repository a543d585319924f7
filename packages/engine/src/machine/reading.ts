/** One process of this machine. */
export interface ProcessReading {
  parent: number;
  name: string;
  /** Start, kernel ticks after boot: with its number it names a process for good. */
  startTicks: number;
  /** CPU time of it and of its ended children, and of it alone; ms. */
  cpuMs: number;
  ownMs: number;
}

/** What the scheduler counted of a thread: CPU time, and time in which it could have run and waited for a core; ms. */
export interface ThreadReading {
  cpuMs: number;
  waitMs: number;
}

/** What the kernel had counted at a moment. */
export interface MachineReading {
  monotonicMs: number;
  wallMs: number;
  cores: number;
  /** CPU time of all cores since boot, ms; idle counts waiting for disks too. */
  cpu: { totalMs: number; idleMs: number; stealMs: number };
  /** Periods of the CPU limit of Hive's own control group, and those in which it was held back; null: there is no limit. */
  limit: { periods: number; throttled: number } | null;
  processes: ReadonlyMap<number, ProcessReading>;
  /** Threads of the target; empty where they cannot be seen. */
  threads: ReadonlyMap<number, ThreadReading>;
}

/** USER_HZ: the kernel's own interface counts in hundredths of a second on every architecture that Node.js runs on. */
const MS_PER_TICK = 10;

/** The first line of /proc/stat and how many cores it names; null where it is none. */
export function parseStat(text: string): Pick<MachineReading, 'cores' | 'cpu'> | null {
  const lines = text.split('\n');
  const fields = /^cpu\s+(.*)$/
    .exec(lines[0] ?? '')?.[1]
    ?.trim()
    .split(/\s+/)
    .slice(0, 8)
    .map(Number);
  if (fields === undefined || fields.length < 4 || fields.some((field) => !Number.isFinite(field))) return null;
  const [, , , idle = 0, ioWait = 0, , , steal = 0] = fields;
  const total = fields.reduce((sum, field) => sum + field, 0);
  return {
    cores: Math.max(1, lines.filter((line) => /^cpu\d+ /.test(line)).length),
    cpu: { totalMs: total * MS_PER_TICK, idleMs: (idle + ioWait) * MS_PER_TICK, stealMs: steal * MS_PER_TICK },
  };
}

/** /proc/PID/stat, see proc_pid_stat(5); the name, in parentheses, may itself hold spaces and parentheses. Null: there is no such process. */
export function parseProcess(text: string): ProcessReading | null {
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(' ');
  const at = (field: number): number => Number(fields[field - 3]);
  const own = at(14) + at(15);
  const ticks = own + at(16) + at(17);
  if (!Number.isFinite(ticks) || fields[0] === 'X') return null;
  return {
    parent: at(4),
    name: text.slice(open + 1, close),
    startTicks: at(22),
    cpuMs: ticks * MS_PER_TICK,
    ownMs: own * MS_PER_TICK,
  };
}

/** /proc/PID/task/TID/schedstat; null where the kernel does not count. */
export function parseSchedule(text: string): ThreadReading | null {
  const [cpuNs = NaN, waitNs = NaN] = text.trim().split(' ').map(Number);
  return text !== '' && Number.isFinite(cpuNs) && Number.isFinite(waitNs)
    ? { cpuMs: cpuNs / 1e6, waitMs: waitNs / 1e6 }
    : null;
}

/** cpu.stat of a control group, version 1 or 2; null where no limit is counted. */
export function parseLimit(text: string): MachineReading['limit'] {
  const value = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? NaN);
  const [periods, throttled] = [value('nr_periods'), value('nr_throttled')];
  return Number.isFinite(periods) && Number.isFinite(throttled) && periods > 0 ? { periods, throttled } : null;
}

/** Where a process finds cpu.stat, by its /proc/self/cgroup, the likeliest first: in a container its own path may not be there. */
export function limitFiles(cgroup: string): string[] {
  const lines = cgroup.split('\n').map((line) => line.split(':'));
  return lines.flatMap(([number = '', controllers = '', path = '']) => {
    if (number === '0') return [`/sys/fs/cgroup${path}/cpu.stat`, '/sys/fs/cgroup/cpu.stat'];
    if (!controllers.split(',').includes('cpu')) return [];
    return [`/sys/fs/cgroup/${controllers}${path}/cpu.stat`, `/sys/fs/cgroup/${controllers}/cpu.stat`];
  });
}
