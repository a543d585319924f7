import {
  amount,
  amounts,
  figure,
  hasEstimate,
  kindLabel,
  outcomeOf,
  OUTCOME_WORDS,
  planWords,
  regionLimitWords,
  rounded,
  STATUS_WORDS,
  VALIDITY_WORDS,
  VERDICT_WORDS,
  type Lesson,
  type Limit,
  type Scenario,
  type ScenarioResult,
  type SessionPlan,
  type Window,
} from '@hive/contract';
import type { ExpectationOutcome } from '../arguments/expectation.js';
import { column, duration, percent } from './figures.js';
import { verdictText } from './run.js';
import type { Colors } from './terminal.js';
import { wrap } from './wrap.js';

const WIDTHS = { kind: 18, intensity: 22, verdict: 14, p99: 10 };
/** Where what was learned begins, below its run. */
export const FINDING_AT = WIDTHS.kind + 3;
/** Where a limit begins, beside its kind. */
export const LIMIT_AT = WIDTHS.kind + 3;
const REASON_AT = WIDTHS.kind + WIDTHS.intensity + WIDTHS.verdict + WIDTHS.p99 + 4;
/** With less beside the other columns, a reason stands below them. */
const LEAST_REASON = 30;
const BELOW_AT = 4;

/** The style of the table of runs: colors, and the columns that it may take. */
interface TableStyle {
  colors: Colors;
  width: number;
}

/**
 * The head of the table of runs. On a narrow terminal the reason goes below its row (under 98 columns), then the p99 is left out (under 68).
 */
export function trainingHead({ colors, width }: TableStyle): string {
  if (width >= REASON_AT + LEAST_REASON) return trainingHeader(colors);
  const head = `${column('test', WIDTHS.kind)} ${column('load', WIDTHS.intensity)} ${column('result', WIDTHS.verdict)}`;
  return colors.bold(width >= REASON_AT ? `${head} p99` : head.trimEnd());
}

/** One finished scenario in a table of that style. */
export function scenarioRow(scenario: Scenario, result: ScenarioResult, { colors, width }: TableStyle): string[] {
  if (width >= REASON_AT + LEAST_REASON) return wrap(scenarioLine(scenario, result, colors), width, REASON_AT);
  const { row, p99, reason } = cellsOf(scenario, result, colors);
  const short = width >= REASON_AT ? `${row} ${p99}` : row;
  return [...wrap(short.trimEnd(), width, BELOW_AT), ...wrap(' '.repeat(BELOW_AT) + reason, width, BELOW_AT)];
}

function trainingHeader(colors: Colors): string {
  return colors.bold(
    `${column('test', WIDTHS.kind)} ${column('load', WIDTHS.intensity)} ${column('result', WIDTHS.verdict)} ${column('p99', WIDTHS.p99)} reason`,
  );
}

/** One finished scenario. */
export function scenarioLine(scenario: Scenario, result: ScenarioResult, colors: Colors): string {
  const { row, p99, reason } = cellsOf(scenario, result, colors);
  return `${row} ${column(p99, WIDTHS.p99)} ${reason}`;
}

function cellsOf(
  scenario: Scenario,
  result: ScenarioResult,
  colors: Colors,
): { row: string; p99: string; reason: string } {
  const { verdict, validity, measurement, reason } = result;
  const outcome = outcomeOf({ verdict, validity, parameters: scenario });
  // A ramp is no test of a load, and what is not usable has neither a verdict nor a p99.
  const judged = outcome !== 'ramp' && outcome !== 'not_usable';
  const p99 = judged && measurement ? duration(measurement.responseTimeMs.p99) : '–';
  const word = outcome === 'ramp' ? '–' : outcome === 'not_usable' ? OUTCOME_WORDS.not_usable : VERDICT_WORDS[verdict];
  const shown = judged ? verdictText(verdict, colors) : word;
  const doubt = validity.status === 'suspect' ? ` [${VALIDITY_WORDS.suspect}]` : '';
  const row = `${place(scenario)} ${shown}${' '.repeat(Math.max(0, WIDTHS.verdict - word.length))}`;
  return { row, p99, reason: `${reason}${doubt}` };
}

/** What a finished scenario showed beside its verdict, in words. */
export function findingLines(result: ScenarioResult): string[] {
  return (result.findings ?? []).map((finding) => `${' '.repeat(WIDTHS.kind + 1)}· ${finding}`);
}

/** What a finished scenario taught: how the interval closed in. */
export function lessonLine(limit: Limit, lesson: Lesson): string {
  const { predictedFailure, informationBits, before } = lesson;
  const was = shortLimit(before);
  const now = shortLimit(limit);
  const predicted = predictedFailure === null ? [] : [`predicted chance of failing ${percent(predictedFailure)}`];
  const bits = informationBits === null ? [] : [`${figure(informationBits)} bits learned`];
  const change = was === null ? `limit ${now}` : `limit ${was} → ${now}`;
  return now === null ? '' : `${' '.repeat(WIDTHS.kind + 1)}· ${[change, ...bits, ...predicted].join(', ')}`;
}

function shortLimit({ status, low, high, unit }: Limit): string | null {
  if (status === 'at_least' && low !== null) return `at least ${amount(low, unit)}`;
  if (status === 'below' && high !== null) return `below ${amount(high, unit)}`;
  return low === null || high === null ? null : amounts(low, high, unit);
}

/** What runs now, where no line is rewritten. */
export function startedText(scenario: Scenario, plannedMs: number): string {
  const at = scenario.plan.chirp === undefined ? amount(scenario.intensity, scenario.unit) : 'ramp';
  return `${kindLabel(scenario.kind)}, ${at}: running for at most ${figure(Math.ceil(plannedMs / 1_000))} s`;
}

/** The scenario that runs now, for the line that is rewritten. */
export function currentLine(scenario: Scenario, window: Window, plannedMs: number): string {
  const p99 = duration(window.responseTimeMs.p99);
  const progress = `${(window.toMs / 1_000).toFixed(1)} of ${(plannedMs / 1_000).toFixed(1)} s`;
  return `${place(scenario)} ${column(progress, WIDTHS.verdict)} ${column(p99, WIDTHS.p99)} ${rounded(window.throughputPerSecond)} good answers/s`;
}

/** Where the words of a plan begin. */
export const PLAN_AT = 6;

/** What is measured and what it costs; of a plan that was made anew, what is left. */
export function planLines(plan: SessionPlan, isAgain: boolean): string[] {
  const [kinds = '', ...costs] = planWords(plan);
  if (isAgain && plan.fits.length === 0) return [];
  const first = isAgain ? `left: ${kinds}` : `plan: ${kinds}`;
  return [first, ...costs.map((line) => ' '.repeat(PLAN_AT) + line)];
}

/** What was learned about one kind. */
export function limitLine(limit: Limit, colors: Colors): string {
  return `  ${column(kindLabel(limit.kind), WIDTHS.kind)} ${limitText(limit, colors)}`;
}

/** The safe load, below the line of its limit; none where it is not known. */
export function safeLines({ safe, heldSeconds, unit }: Limit): string[] {
  if (safe === null) return [];
  const how =
    heldSeconds === undefined ? 'predicted for runs of 10 minutes' : `confirmed by a soak of ${figure(heldSeconds)} s`;
  return [`  ${column('', WIDTHS.kind)} safe: ${amount(safe, unit)} (${how})`];
}

/** What each region showed, below the line of its limit; none where this machine sent. */
export function regionLines({ regions = {}, unit }: Limit): string[] {
  return Object.entries(regions).map(
    ([name, limit]) => `  ${column('', WIDTHS.kind)} from ${name}: ${regionLimitWords(limit, unit)}`,
  );
}

export function expectationLine(expectation: ExpectationOutcome, colors: Colors): string {
  const { expression, observed, outcome } = expectation;
  return `  expected ${expression}: ${verdictText(outcome, colors)} (${shown(observed)})`;
}

function shown({ low, high }: ExpectationOutcome['observed']): string {
  if (low === null && high === null) return 'not measured';
  if (high === null) return `measured at least ${rounded(low!)}`;
  return low === null ? `measured at most ${rounded(high)}` : `measured ${rounded(low)}–${rounded(high)}`;
}

function limitText(limit: Limit, colors: Colors): string {
  const { unit, low, high, estimate } = limit;
  const bound = limit.binding === null ? '' : `, ${limit.binding} breaks first`;
  const why = limit.reason === undefined ? '' : ` (${limit.reason})`;
  const runs = `${figure(limit.scenarios)} ${limit.scenarios === 1 ? 'run' : 'runs'}`;
  if (hasEstimate(limit.status) && estimate !== null && low !== null && high !== null) {
    const level = limit.level === null ? 'bracket' : `${percent(limit.level)} interval`;
    const note = limit.reason === undefined ? '' : `; ${limit.reason}`;
    if (limit.status === 'unsteady') return `${colors.bold(amount(low, unit))}${bound}, ${runs}${note}`;
    const shown = limit.status === 'rough' ? `roughly ${amount(estimate, unit)}` : colors.bold(amount(estimate, unit));
    return `${shown} (${level} ${amounts(low, high, unit)})${bound}, ${runs}${note}`;
  }
  if (limit.status === 'at_least' && low !== null) return `at least ${amount(low, unit)}${why}, ${runs}`;
  if (limit.status === 'below' && high !== null) return `below ${amount(high, unit)}${bound}${why}, ${runs}`;
  return `${STATUS_WORDS[limit.status]}${why}, ${runs}`;
}

/** A first look stops where it breaks the objectives: how far it would have gone is no load that was sent. */
function place({ kind, intensity, unit, plan }: Scenario): string {
  const soak = plan.hold === true ? 'soak ' : '';
  const at = plan.chirp === undefined ? `${soak}${amount(intensity, unit)}` : 'ramp';
  return `${column(kindLabel(kind), WIDTHS.kind)} ${column(at, WIDTHS.intensity)}`;
}
