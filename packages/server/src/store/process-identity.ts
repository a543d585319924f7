import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process was started, as text that two processes with the same pid never share; null when it does not run.
 * From /proc (boot and clock ticks since then) on Linux, from `ps` on other Unixes; elsewhere only that it runs is known.
 */
export function processStart(pid: number): string | null {
  if (!isAlive(pid)) return null;
  return fromProc(pid) ?? fromPs(pid) ?? 'running';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const state = procStat(pid)?.[0];
  return state !== 'Z' && state !== 'X';
}

function fromProc(pid: number): string | null {
  const ticks = procStat(pid)?.[19];
  if (ticks === undefined) return null;
  return `${readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}:${ticks}`;
}

/** The fields of /proc/<pid>/stat after the command's name, which may itself hold blanks and parentheses: state is 0, start time 19. */
function procStat(pid: number): string[] | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function fromPs(pid: number): string | null {
  try {
    const printed = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2_000,
    });
    return printed.trim() || null;
  } catch {
    return null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
