import { duration, figure, kindLabel } from '@hive/contract';
import type { ReportData } from '../report-schema.js';
import type { Section } from './document.js';
import { instant } from './words.js';

/** More seeds than these are in the JSON and the CSV alone. */
const MOST_SEEDS = 12;
const METHOD =
  'A response time runs from the moment at which a request was planned to be sent until its answer is complete, so a slow service cannot hide behind requests that were not sent. A service time runs from the actual send. Percentiles come from histograms with three significant digits. A run in which the load generator or its machine was the bottleneck is not usable, whatever it showed.';

/** How it was measured, and what it takes to measure it again. */
export function methodSection(report: ReportData): Section {
  const { session, target, made, runs } = report;
  const facts: [string, string | null][] = [
    ['Target', `${target.id}: ${target.nodes.join(', ')}`],
    ['Requests', target.requests.map(({ method, path }) => `${method} ${path}`).join(', ')],
    ['Objectives', target.objectives.join(', ')],
    ['Session', session.id],
    ['Tests', session.kinds.map(kindLabel).join(', ')],
    ['Started', instant(session.started_at)],
    ['Ended', session.ended_at === null ? null : `${instant(session.ended_at)}${ending(report)}`],
    ['Time measured', session.runtime_seconds === null ? null : duration(session.runtime_seconds * 1_000)],
    ['Time budget', session.budget_seconds === null ? null : duration(session.budget_seconds * 1_000)],
    ['Soak', session.hold_seconds === null ? null : duration(session.hold_seconds * 1_000)],
    [
      'Labels',
      Object.entries(session.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ') || null,
    ],
    ['Seeds of the runs', seedsText(runs.map(({ seed }) => seed))],
    ['Report', `Hive ${made.hive}, Node ${made.node}, ${instant(made.at)}`],
    ...ceilingFacts(report),
  ];
  return {
    title: 'Method and settings for replay',
    blocks: [
      { type: 'text', text: METHOD },
      { type: 'facts', facts: facts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }])) },
    ],
  };
}

function ending({ session: { end_code, end_reason } }: ReportData): string {
  const code = end_code === null ? '' : ` (${end_code})`;
  return `${code}${end_reason === null ? '' : `: ${end_reason}`}`;
}

function seedsText(seeds: readonly number[]): string | null {
  if (seeds.length === 0) return null;
  const more = seeds.length > MOST_SEEDS ? ` and ${seeds.length - MOST_SEEDS} more in the JSON and CSV formats` : '';
  return `${seeds.slice(0, MOST_SEEDS).join(', ')}${more}`;
}

function ceilingFacts({ ceiling }: ReportData): [string, string][] {
  if (ceiling === null) return [['Load generator', 'its ceiling was not measured (hive doctor measures it)']];
  const { machine, shapes, threads, measuredAt } = ceiling;
  const shown = shapes.map(
    ({ shape, ratePerSecond, atLeast }) => `${shape} ${atLeast ? 'at least ' : ''}${figure(ratePerSecond)} requests/s`,
  );
  return [
    ['Load generator', `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`],
    [
      'Its ceiling',
      `${shown.join(', ')} with ${threads} ${threads === 1 ? 'thread' : 'threads'} (${instant(measuredAt)})`,
    ],
  ];
}
