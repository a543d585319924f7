import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/**
 * CPU time of the calling thread so far, ms. From the Linux scheduler; elsewhere the event loop's active time stands in, which is never
 * less than the CPU time of the loop.
 */
export function threadCpuMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return performance.eventLoopUtilization().active;
  }
}

/** Jiffies of the whole machine since boot. */
export interface MachineCpu {
  total: number;
  idle: number;
  steal: number;
}

/** CPU of the whole machine so far; null where `/proc/stat` does not exist. */
export function machineCpu(): MachineCpu | null {
  try {
    const line = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0] ?? '';
    const fields = line.trim().split(/\s+/).slice(1, 9).map(Number);
    const [, , , idle = 0, ioWait = 0, , , steal = 0] = fields;
    return { total: fields.reduce((sum, field) => sum + field, 0), idle: idle + ioWait, steal };
  } catch {
    return null;
  }
}
