import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

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

/** This process, as others on the same machine can find out whether it is gone: host, process space, pid and start. */
export function holderIdentity(): string {
  return [hostname(), processSpace(), process.pid, processStart(process.pid) ?? ''].map(encodeURIComponent).join(' ');
}

/** Whether who wrote this {@link holderIdentity} certainly runs no more; false for what cannot be seen from here. */
export function isGone(holder: string): boolean {
  const [host, space, pid, started] = holder.split(' ').map(decodeURIComponent);
  if (host !== hostname() || space !== processSpace() || space === '') return false;
  return processStart(Number(pid)) !== started;
}

/** The pid namespace: two containers of one host name have two. Empty where it is not known. */
function processSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
