import { amount, duration, hasEstimate, KIND_LABELS, percent, STATUS_WORDS } from '@hive/contract';
import { escapeMarkup } from '../plain-text.js';
import type { ReportData } from '../report-schema.js';
import { tellingLimit } from '../verdict-of.js';
import type { Render } from './format.js';

const HEIGHT = 20;
const PADDING = 6;
/** Mean width of a character of Verdana at 11 px, which every browser has or stands in for. */
const CHARACTER = 6.6;
const COLORS = { good: '#166b3a', bad: '#b42318', warn: '#8a5a00', muted: '#5f5a52' } as const;

/** A badge for a README: `Max rate | 412 requests/s ±4 %`. */
export const render: Render = (report) => {
  const { name, value, color } = saidOf(report);
  const left = widthOf(name);
  const right = widthOf(value);
  const [shownName, shownValue] = [escapeMarkup(name), escapeMarkup(value)];
  const text = (words: string, from: number, width: number): string =>
    `<text x="${from + width / 2}" y="14" textLength="${width - 2 * PADDING}">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${shownName}: ${shownValue}">\n`,
    `<title>${shownName}: ${shownValue}</title>\n`,
    `<clipPath id="r"><rect width="${left + right}" height="${HEIGHT}" rx="3"/></clipPath>\n`,
    `<g clip-path="url(#r)"><rect width="${left}" height="${HEIGHT}" fill="#403c36"/><rect x="${left}" width="${right}" height="${HEIGHT}" fill="${color}"/></g>\n`,
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">\n',
    `${text(shownName, 0, left)}${text(shownValue, left, right)}\n</g>\n</svg>\n`,
  ];
};

function saidOf({ session, verdict, limits, runs }: ReportData): { name: string; value: string; color: string } {
  if (verdict.trust === 'invalid') return { name: 'hive', value: 'not usable', color: COLORS.warn };
  if (session.mode === 'run') {
    const measured = runs[0]?.result.measurement;
    const value =
      measured == null ? verdict.outcome : `${verdict.outcome}, p99 ${duration(measured.responseTimeMs.p99)}`;
    return { name: 'load test', value, color: verdict.outcome === 'passed' ? COLORS.good : COLORS.bad };
  }
  const limit = tellingLimit(limits);
  if (limit === undefined) return { name: 'hive', value: 'not measured', color: COLORS.muted };
  const { unit, status, low, high, estimate } = limit;
  const name = KIND_LABELS[limit.kind].value;
  const color = verdict.outcome === 'failed' ? COLORS.bad : COLORS.good;
  if (hasEstimate(status) && estimate !== null && low !== null && high !== null) {
    const half = percent((high - low) / 2 / estimate);
    if (status === 'unsteady') return { name, value: `varies, ${amount(low, unit)}`, color: COLORS.warn };
    return { name, value: `${amount(estimate, unit)} ±${half}`, color };
  }
  if (status === 'at_least' && low !== null) return { name, value: `at least ${amount(low, unit)}`, color };
  if (status === 'below' && high !== null) return { name, value: `below ${amount(high, unit)}`, color };
  return { name, value: STATUS_WORDS[status], color: COLORS.muted };
}

function widthOf(text: string): number {
  return Math.round(text.length * CHARACTER) + 2 * PADDING;
}
