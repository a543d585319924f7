import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  state: string;
}

/** A process and all that descend from it, by id. Linux only. */
export function treeOf(pid: number): number[] {
  const all = processes();
  const tree = [pid];
  // Grows while it is walked.
  for (const one of tree) tree.push(...all.filter(({ parent }) => parent === one).map((child) => child.pid));
  return tree;
}

/** Those that still run; one that is dead and not yet buried does not. */
export function stillRunning(pids: readonly number[]): number[] {
  return processes()
    .filter(({ pid, state }) => state !== 'Z' && pids.includes(pid))
    .map(({ pid }) => pid);
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readStat(name);
      const [state = 'Z', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return stat === '' ? [] : [{ pid: Number(name), parent: Number(parent), state }];
    });
}

function readStat(name: string): string {
  try {
    return readFileSync(`/proc/${name}/stat`, 'utf8');
  } catch {
    return '';
  }
}
