import type { ComparedMetric, Comparison, ComparisonItem } from './comparison.js';
import { COMPARISON_LABELS } from './comparison.js';
import { amount, percent } from './figure.js';
import type { Kind } from './kind.js';
import { KIND_LABELS } from './labels.js';

const METRIC_LABELS: Record<ComparedMetric, string> = {
  p50: 'Response time p50',
  p95: 'Response time p95',
  p99: 'Response time p99',
  throughput: 'Throughput',
  errors: 'Failed requests',
};

/** One line of a comparison as people read it; the same in the terminal and on the dashboard. */
export interface ComparisonWords {
  what: string;
  base: string;
  candidate: string;
  /** `−15 % (−22 to −9)`. */
  change: string;
  answer: string;
}

/** What one item says. */
export function itemInWords(item: ComparisonItem): ComparisonWords {
  const { of, name } = item;
  const what = of === 'limit' ? KIND_LABELS[name as Kind].value : METRIC_LABELS[name as ComparedMetric];
  return {
    what,
    base: valueOf(item, item.base),
    candidate: valueOf(item, item.candidate),
    change: changeOf(item),
    answer: answerOf(item),
  };
}

/** The answer in one sentence. */
export function comparisonInWords({ answer, items, tolerance, reasons }: Comparison): string {
  const label = COMPARISON_LABELS[answer];
  const telling = items.filter((item) => item.decides && item.answer === answer).map(itemInWords);
  if (answer === 'worse' || answer === 'better')
    return `${label}: ${telling.map(({ what, base, candidate, change }) => `${what} ${base} → ${candidate}, ${change}`).join('; ')}`;
  if (answer === 'same') return `${label} of ${percent(tolerance)}`;
  return reasons.length === 0 ? label : `${label}: ${reasons.join('; ')}`;
}

function answerOf({ answer, decides, couldHaveSeen, name, reason }: ComparisonItem): string {
  const shown = decides ? COMPARISON_LABELS[answer].toLowerCase() : 'shown only';
  if (!decides || answer !== 'no_evidence') return shown;
  if (reason !== undefined) return `${shown}: ${reason}`;
  if (couldHaveSeen === undefined || couldHaveSeen === null) return shown;
  return `${shown}; a change of ${percent(couldHaveSeen)}${name === 'errors' ? ' of all requests' : ''} would have been seen`;
}

function valueOf({ of, name, unit }: ComparisonItem, value: number | null): string {
  if (value === null) return 'none';
  if (of === 'metric' && name === 'errors') return percent(value);
  return amount(value, unit);
}

function changeOf({ of, name, ratio, low, high }: ComparisonItem): string {
  if (ratio === null) return '';
  const isDifference = of === 'metric' && name === 'errors';
  const shown = (value: number): string => signed(100 * (isDifference ? value : value - 1), isDifference ? 2 : 1);
  const change = `${shown(ratio)} ${isDifference ? 'points' : '%'}`;
  return low === null || high === null ? change : `${change} (${shown(low)} to ${shown(high)})`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return '0';
  return `${value < 0 ? '−' : '+'}${text}`;
}
