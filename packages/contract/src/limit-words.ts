import type { Regions } from './fleet.js';
import { amount, amounts } from './figure.js';
import { hasEstimate, STATUS_WORDS } from './labels.js';
import type { RegionLimit } from './limit.js';

/** A limit in a few words: `412 requests/s (377–437)`, `varies, 300–420 requests/s`, `at least 500 requests/s`, `not measured yet`. */
export function limitWords(
  { status, estimate, low, high }: Pick<RegionLimit, 'status' | 'estimate' | 'low' | 'high'>,
  unit: string,
): string {
  if (hasEstimate(status) && estimate !== null && low !== null && high !== null) {
    if (status === 'unsteady') return `${STATUS_WORDS.unsteady}, ${amounts(low, high, unit)}`;
    const word = status === 'rough' ? `${STATUS_WORDS.rough} ` : '';
    return `${word}${amount(estimate, unit)} (${amounts(low, high, unit).replace(` ${unit}`, '')})`;
  }
  if (status === 'at_least' && low !== null) return `${STATUS_WORDS.at_least} ${amount(low, unit)}`;
  if (status === 'below' && high !== null) return `${STATUS_WORDS.below} ${amount(high, unit)}`;
  return STATUS_WORDS[status];
}

/** What one region showed of a limit: `98 requests/s (91–104), p(99)<200 breaks first`. */
export function regionLimitWords(limit: RegionLimit, unit: string): string {
  const { binding, status } = limit;
  return `${limitWords(limit, unit)}${binding === null || status === 'at_least' ? '' : `, ${binding} breaks first`}`;
}

/** Where load comes from: `eu 60 %, us 40 %`. */
export function regionsWords(regions: Regions): string {
  if (regions === 'all') return 'all load generators';
  const whole = Object.values(regions).reduce((sum, share) => sum + share, 0);
  const shares = Object.entries(regions).map(([name, share]) => `${name} ${Math.round((100 * share) / whole)} %`);
  return shares.length === 1 ? Object.keys(regions).join('') : shares.join(', ');
}
