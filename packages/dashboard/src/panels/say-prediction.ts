import type { Prediction } from '@hive/contract';
import { figure, percent } from '../ui/format';

/** `99 % chance to pass, p99 71–94 ms`, or why that is not known. */
export function sayPrediction({ pass, p99Ms, reason, extrapolated }: Prediction): string {
  const chance = pass === null ? '' : `${percent(Math.round(pass * 100) / 100)} chance to pass`;
  const latency = p99Ms === null ? '' : `p99 ${figure(p99Ms.low)}–${figure(p99Ms.high)} ms`;
  const doubt = extrapolated ? 'outside the loads that were tried' : '';
  const said = [chance, latency, doubt].filter(Boolean).join(', ');
  return said === '' ? (reason ?? 'Too little was measured to predict this.') : said;
}
