import {
  figure,
  parseObjective,
  rounded,
  VALIDITY_WORDS,
  VERDICT_WORDS,
  type Counts,
  type ErrorExample,
  type GroupFigures,
  type Latency,
  type ObjectiveOutcome,
  type Validity,
  type Verdict,
  type Window,
} from '@hive/contract';
import type { RunReport } from '@hive/engine';
import { bytes, column, duration, percent } from './figures.js';
import { sparkline } from './sparkline.js';
import type { Colors, Terminal } from './terminal.js';

const PHASE_WORDS: Readonly<Record<Window['phase'], string>> = { warmup: '(warm-up)', judged: '', grace: '(grace)' };

/** One line a second (or a live line four times a second) during a run. */
export function windowLine(window: Window): string {
  const { counts, responseTimeMs } = window;
  const wrong = badOf(counts);
  return [
    `${column((window.toMs / 1_000).toFixed(1), 6, 'right')} s`,
    PHASE_WORDS[window.phase],
    `sent ${rounded(window.offeredPerSecond)} requests/s`,
    `good ${rounded(window.throughputPerSecond)}/s`,
    `p50 ${duration(responseTimeMs.p50)}`,
    `p99 ${duration(responseTimeMs.p99)}`,
    `in flight ${figure(window.outstanding)}`,
    window.waiting > 0 ? `waiting ${figure(window.waiting)}` : '',
    wrong > 0 ? `bad ${figure(wrong)}` : '',
  ]
    .filter((part) => part !== '')
    .join('  ');
}

/** Windows that a live view looks back on: a minute. */
const LOOK_BACK = 240;

/** The live view of a run: the newest window, and the p99 of those before it as a row of bars. */
export function createRunView(): { add(window: Window): void; lines(columns: number): string[] } {
  let newest: Window | null = null;
  const p99s: (number | null)[] = [];
  return {
    add(window) {
      newest = window;
      p99s.push(window.responseTimeMs.count > 0 ? window.responseTimeMs.p99 : null);
      if (p99s.length > LOOK_BACK) p99s.shift();
    },
    lines(columns) {
      if (newest === null) return [];
      const known = p99s.filter((value) => value !== null);
      if (known.length === 0) return [windowLine(newest)];
      const range = `${duration(Math.min(...known))} – ${duration(Math.max(...known))}`;
      const bars = sparkline(p99s, columns - range.length - 10);
      return [windowLine(newest), `   p99 ${bars} ${range}`];
    },
  };
}

/** The report of a run, for people. */
export function printRunReport(report: RunReport, terminal: Terminal): void {
  const { colors } = terminal;
  const say = (label: string, text: string): void => terminal.print(`  ${column(label, 14)} ${text}`, 17);
  terminal.print('');
  say('requests', counts(report));
  const { offeredPerSecond, throughputPerSecond } = report;
  say('rate', `sent ${rounded(offeredPerSecond)} requests/s, ${rounded(throughputPerSecond)} good answers/s`);
  say('response time', latency(report.responseTimeMs));
  say('service time', latency(report.serviceTimeMs));
  if (waited(report)) say('waiting', waiting(report));
  say('phases', phases(report));
  for (const [name, group] of Object.entries(report.byClass ?? {})) say('class', groupText(name, group));
  for (const [name, group] of Object.entries(report.byNode ?? {})) say('node', groupText(name, group));
  for (const [name, group] of Object.entries(report.byRegion ?? {})) say('region', groupText(name, group));
  say('bytes', `${bytes(report.bytesIn)} received, ${bytes(report.bytesOut)} sent`);
  const statuses = Object.entries(report.statusCodes);
  if (statuses.some(([code]) => !code.startsWith('2')))
    say('status codes', statuses.map(([code, count]) => `${code} ${figure(count)}`).join(', '));
  const errors = Object.entries(report.errors).filter(([, count]) => count > 0);
  if (errors.length > 0) say('errors', errors.map(([kind, count]) => `${kind} ${figure(count)}`).join(', '));
  for (const example of report.errorExamples.slice(0, MOST_EXAMPLES)) say('', exampleText(example));
  for (const objective of report.objectives) say('objective', objectiveLine(objective, colors));
  say('measurement', validityText(report.validity, colors));
  say('result', `${verdictText(report.verdict, colors)}: ${report.reason}`);
}

/** More are in --json. */
const MOST_EXAMPLES = 5;

/** One way in which requests went wrong, with the first that did. */
function exampleText({ count, text, request, came }: ErrorExample): string {
  const seen = came === null ? '' : `, first with '${came}'`;
  return `${figure(count)} ${text} (${request}${seen})`;
}

/** The word for a verdict, in its color. */
export function verdictText(verdict: Verdict, colors: Colors): string {
  const word = VERDICT_WORDS[verdict];
  if (verdict === 'passed') return colors.green(word);
  return verdict === 'failed' ? colors.red(word) : colors.yellow(word);
}

function validityText(validity: Validity, colors: Colors): string {
  const word = VALIDITY_WORDS[validity.status];
  if (validity.status === 'valid') return colors.green(word);
  const paint = validity.status === 'invalid' ? colors.red : colors.yellow;
  return `${paint(word)}: ${validity.reasons.join('; ')}`;
}

function counts(report: RunReport): string {
  const parts = [
    `${figure(report.planned)} planned`,
    `${figure(report.sent)} sent`,
    `${figure(report.answered)} answered in ${duration(report.durationMs)}`,
  ];
  const further: [string, number][] = [
    ['failed', report.failed],
    ['timed out', report.timedOut],
    ['cut off', report.cutOff],
    ['not sent: no free connection', report.droppedTarget],
    ['not sent: load generator too slow', report.droppedGenerator],
  ];
  for (const [label, count] of further) if (count > 0) parts.push(`${figure(count)} ${label}`);
  return parts.join(', ');
}

function latency(ms: Omit<Latency, 'count'>): string {
  return (['p50', 'p90', 'p99', 'p999', 'max'] as const).map((name) => `${name} ${duration(ms[name])}`).join('  ');
}

function waited({ waitingMs, droppedTarget }: RunReport): boolean {
  return waitingMs >= 1 || droppedTarget > 0;
}

/** A full pool makes requests wait, so its cap is named. */
function waiting({ waitingMs, peakConnections, maxConnections }: RunReport): string {
  const full = peakConnections >= maxConnections;
  const cap = `; all ${figure(maxConnections)} connections were in use (-c sets the limit)`;
  return `${duration(waitingMs)} on average before a request was sent${full ? cap : ''}`;
}

function phases({ phasesMs }: RunReport): string {
  const { connect, tls, firstByte, transfer } = phasesMs;
  const each: [string, Latency][] = [
    [`connect (${figure(connect.count)} connections)`, connect],
    ['TLS', tls],
    ['first byte', firstByte],
    ['transfer', transfer],
  ];
  const seen = each.filter(([, { count }]) => count > 0);
  if (seen.length === 0) return 'none: no request was answered';
  return seen.map(([name, { p50, p99 }]) => `${name} p50 ${duration(p50)} p99 ${duration(p99)}`).join(', ');
}

function groupText(name: string, { planned, good, responseTimeMs }: GroupFigures): string {
  return `${name}: ${figure(good)} good of ${figure(planned)}, p50 ${duration(responseTimeMs.p50)}  p99 ${duration(responseTimeMs.p99)}`;
}

function objectiveLine(objective: ObjectiveOutcome, colors: Colors): string {
  const { expression, observed, outcome } = objective;
  const value = observed === null ? 'not measured' : `observed ${observedText(expression, observed)}`;
  return `${column(expression, 16)} ${verdictText(outcome, colors)} (${value})`;
}

function observedText(expression: string, observed: number): string {
  switch (parseObjective(expression).type) {
    case 'errors':
      return `${percent(observed)} errors`;
    case 'throughput':
      return `${rounded(observed)} good answers/s`;
    case 'count':
      return `${figure(observed)} good answers`;
    default:
      return duration(observed);
  }
}

function badOf(window: Counts): number {
  return window.answered - window.good + window.failed + window.timedOut + window.cutOff + window.droppedTarget;
}
