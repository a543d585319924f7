import { figure, type Lesson, type Limit, type Scenario, type ScenarioResult, type Window } from '@hive/contract';
import type { ExpectationOutcome } from '../arguments/expectation.js';
import { column, duration, percent } from './figures.js';
import { verdictText } from './run.js';
import type { Colors } from './terminal.js';

const WIDTHS = { kind: 20, intensity: 22, verdict: 14, p99: 10 };

export function trainingHeader(colors: Colors): string {
  return colors.bold(
    `${column('kind', WIDTHS.kind)} ${column('intensity', WIDTHS.intensity)} ${column('verdict', WIDTHS.verdict)} ${column('p99', WIDTHS.p99)} reason`,
  );
}

/** One finished scenario. */
export function scenarioLine(scenario: Scenario, result: ScenarioResult, colors: Colors): string {
  const p99 = result.measurement ? duration(result.measurement.responseTimeMs.p99) : '–';
  const pad = ' '.repeat(Math.max(0, WIDTHS.verdict - result.verdict.length));
  const validity = result.validity.status === 'valid' ? '' : ` [${result.validity.status}]`;
  return `${place(scenario)} ${verdictText(result.verdict, colors)}${pad} ${column(p99, WIDTHS.p99)} ${result.reason}${validity}`;
}

/** What a finished scenario showed beside its verdict, in words. */
export function findingLines(result: ScenarioResult): string[] {
  return (result.findings ?? []).map((finding) => `${' '.repeat(WIDTHS.kind + 1)}· ${finding}`);
}

/** What a finished scenario taught: how the interval closed in. */
export function lessonLine(limit: Limit, lesson: Lesson): string {
  const { predictedFailure, informationBits, before, verdict } = lesson;
  const was = shortLimit(before);
  const now = shortLimit(limit);
  const predicted =
    predictedFailure === null ? [] : [`predicted to fail with ${percent(predictedFailure)}: ${verdict}`];
  const bits = informationBits === null ? [] : [`${figure(informationBits)} bits`];
  const change = was === null ? `limit ${now}` : `limit ${was} → ${now}`;
  return now === null ? '' : `${' '.repeat(WIDTHS.kind + 1)}· ${[change, ...bits, ...predicted].join(', ')}`;
}

function shortLimit({ status, low, high, unit }: Limit): string | null {
  if (status === 'at_least' && low !== null) return `at least ${figure(low)} ${unit}`;
  if (status === 'below' && high !== null) return `below ${figure(high)} ${unit}`;
  return low === null || high === null ? null : `${figure(low)}–${figure(high)} ${unit}`;
}

/** The scenario that runs now, for the line that is rewritten. */
export function currentLine(scenario: Scenario, window: Window, plannedMs: number): string {
  const p99 = duration(window.responseTimeMs.p99);
  const progress = `${(window.toMs / 1_000).toFixed(1)} of ${(plannedMs / 1_000).toFixed(1)} s`;
  return `${place(scenario)} ${column(progress, WIDTHS.verdict)} ${column(p99, WIDTHS.p99)} good ${figure(window.throughputPerSecond)}/s`;
}

/** What was learned about one kind. */
export function limitLine(limit: Limit, colors: Colors): string {
  return `  ${column(limit.kind, WIDTHS.kind)} ${limitText(limit, colors)}`;
}

/** What long runs keep, below the line of its limit; none where that is not known. */
export function safeLines({ safe, heldSeconds, unit }: Limit): string[] {
  if (safe === null) return [];
  const how = heldSeconds === undefined ? 'foretold for runs of ten minutes' : `held for ${figure(heldSeconds)} s`;
  return [`  ${column('', WIDTHS.kind)} safe: ${figure(safe)} ${unit}, ${how}`];
}

export function expectationLine(expectation: ExpectationOutcome, colors: Colors): string {
  const { expression, observed, outcome } = expectation;
  return `  expected ${expression}: ${verdictText(outcome, colors)}, ${shown(observed)}`;
}

function shown({ low, high }: ExpectationOutcome['observed']): string {
  if (low === null && high === null) return 'nothing is shown';
  if (high === null) return `at least ${figure(low!)} is shown`;
  return low === null ? `at most ${figure(high)} is shown` : `${figure(low)} to ${figure(high)} is shown`;
}

function limitText(limit: Limit, colors: Colors): string {
  const { unit, low, high, estimate } = limit;
  const bound = limit.binding === null ? '' : `, bound by ${limit.binding}`;
  const why = limit.reason === undefined ? '' : ` (${limit.reason})`;
  const scenarios = `${limit.scenarios} ${limit.scenarios === 1 ? 'scenario' : 'scenarios'}`;
  if (limit.status === 'known' && estimate !== null && low !== null && high !== null) {
    const interval = limit.level === null ? 'bracket' : `${percent(limit.level)} interval`;
    return `${colors.bold(`${figure(estimate)} ${unit}`)}, ${interval} ${figure(low)} to ${figure(high)}${bound}, ${scenarios}${limit.reason === undefined ? '' : `; ${limit.reason}`}`;
  }
  if (limit.status === 'at_least' && low !== null) return `at least ${figure(low)} ${unit}${why}, ${scenarios}`;
  if (limit.status === 'below' && high !== null) return `below ${figure(high)} ${unit}${bound}${why}, ${scenarios}`;
  return `${limit.status.replaceAll('_', ' ')}${why}, ${scenarios}`;
}

/** A first look stops where it begins to hurt: how far it would have gone is no load that was sent. */
function place({ kind, intensity, unit, plan }: Scenario): string {
  const held = plan.hold === true ? 'hold ' : '';
  const at = plan.chirp === undefined ? `${held}${figure(intensity)} ${unit}` : 'rising';
  return `${column(kind, WIDTHS.kind)} ${column(at, WIDTHS.intensity)}`;
}
