import { amount, duration, kindLabel, limitWords, type Limit } from '@hive/contract';
import type { ReportData } from '../report-schema.js';
import { limitText } from '../verdict-of.js';
import type { Block, Cell, Section } from './document.js';
import { instant } from './words.js';

/** Each limit with its interval, the safe load, what breaks first, and since when it is known. */
export function limitsSection({ limits, session }: ReportData): Section | null {
  if (limits.length === 0) return null;
  const columns = [
    { head: 'Limit', wide: 1.9 },
    { head: 'Value (interval)', wide: 3 },
    { head: 'Safe load', wide: 2.1 },
    { head: 'Breaks first', wide: 1.5 },
    { head: 'Runs', right: true, wide: 0.8 },
    { head: 'This session alone', wide: 2.6 },
    { head: 'Measured', wide: 1.9 },
  ];
  const reasons = limits.flatMap(({ kind, reason }) => (reason === undefined ? [] : [`${kindLabel(kind)}: ${reason}`]));
  const asked = session.precision === null ? '' : ` The session aimed for ±${(session.precision * 100).toFixed(0)} %.`;
  const text = `Intervals hold the limit with a chance of 95 % where the load was varied enough, else they are the two loads between which it lies. A safe load is one at which a run of ten minutes fails with a chance of at most 5 %.${asked}`;
  return {
    title: 'Limits',
    blocks: [
      { type: 'table', table: { columns, rows: limits.map(row) } },
      { type: 'text', text },
      ...regionBlocks(limits),
      ...(reasons.length === 0 ? [] : [{ type: 'list' as const, items: reasons }]),
    ],
  };
}

function row(limit: Limit): Cell[] {
  const { kind, unit, own, status, scenarios, updatedAt, binding } = limit;
  return [
    { text: kindLabel(kind) },
    { text: limitText(limit), tone: status === 'known' ? 'good' : 'plain' },
    { text: safeText(limit) },
    { text: binding ?? '–' },
    { text: String(scenarios) },
    { text: own == null ? '–' : limitText({ ...own, unit }) },
    { text: updatedAt === null ? '–' : instant(updatedAt) },
  ];
}

function safeText({ safe, unit, heldSeconds }: Limit): string {
  if (safe === null) return '–';
  const how = heldSeconds === undefined ? 'predicted' : `soaked for ${duration(heldSeconds * 1_000)}`;
  return `${amount(safe, unit)} (${how})`;
}

/** What each region showed; nothing where this machine sent. */
function regionBlocks(limits: readonly Limit[]): Block[] {
  const rows = limits.flatMap(({ kind, unit, regions = {} }) =>
    Object.entries(regions).map(([name, limit]): Cell[] => [
      { text: kindLabel(kind) },
      { text: name },
      { text: limitWords(limit, unit) },
      { text: limit.binding ?? '–' },
    ]),
  );
  if (rows.length === 0) return [];
  const columns = [
    { head: 'Limit', wide: 1.9 },
    { head: 'Region', wide: 1.5 },
    { head: 'Value (interval)', wide: 3 },
    { head: 'Breaks first', wide: 1.5 },
  ];
  const text = 'By region: the load of all regions together at which the requests of one region break the objectives.';
  return [
    { type: 'text', text },
    { type: 'table', table: { columns, rows } },
  ];
}
