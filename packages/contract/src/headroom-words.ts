import { figure } from './figure.js';
import type { Headroom } from './traffic.js';

/** `peak 220/s, safe 358: ×1.6`, with the safe request rate as it is known now; or why the peak is not known. */
export function headroomWords({ peakPerSecond: peak, trouble }: Headroom, safe: number | null): string {
  if (peak === null) return `traffic is not known: ${trouble ?? ''}`;
  const rate = `peak ${figure(peak)}/s`;
  return safe === null ? rate : `${rate}, safe ${figure(safe)}: ×${Number((safe / peak).toPrecision(2))}`;
}

/** `at twice the peak: 12 % chance to pass`; empty while that is not known. */
export function twiceWords({ peakPerSecond: peak, atTwice }: Headroom): string {
  if (atTwice === null || peak === null) return '';
  const p99 = atTwice.p99Ms === null ? '' : `, p99 ${figure(atTwice.p99Ms.low)}–${figure(atTwice.p99Ms.high)} ms`;
  return `at twice the peak (${figure(2 * peak)}/s): ${Math.round(atTwice.pass * 100)} % chance to pass${p99}`;
}
