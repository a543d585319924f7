import {
  amount,
  figure,
  kindLabel,
  VERDICT_WORDS,
  type Arrivals,
  type Kind,
  type Plan,
  type PlannedFault,
  type Scenario,
} from '@hive/contract';
import { column, percent } from './figures.js';
import type { Colors } from './terminal.js';

const LABEL = 9;

/** A scenario that was not run: what it asks, what should come of it, and what would happen when. */
export function scenarioText(
  scenario: Scenario,
  { asked, colors }: { asked?: number | undefined; colors: Colors },
): string[] {
  const { kind, intensity, unit, difficulty, calibrated, predictedFailure, description, plan } = scenario;
  const chance = predictedFailure === null ? '' : `, predicted chance of failing ${percent(predictedFailure)}`;
  const place = `${amount(intensity, unit)}, ${difficulty}${calibrated ? chance : ' (limit not measured yet)'}`;
  return [
    `${titleOf(kind, colors)}  ${place}`,
    `  ${description}`,
    ...movedText(scenario, asked),
    ...labelled('expected', scenario.expectedOutcomes),
    ...labelled('phases', phasesOf(plan)),
    ...labelled('sends', (plan.requests ?? []).map(requestText)),
    ...labelled('faults', faultTexts(plan)),
  ];
}

/** The label, with the machine name that options and files use. */
function titleOf(kind: Kind, colors: Colors): string {
  return `${colors.bold(kindLabel(kind))} ${colors.dim(`(${kind})`)}`;
}

/** Says so when an intensity beyond the target's caps was brought within them. */
function movedText({ intensity, unit }: Scenario, asked: number | undefined): string[] {
  if (asked === undefined || asked === intensity || Math.round(asked) === intensity) return [];
  return [`  (${figure(asked)} ${unit} requested; adjusted to what this target allows)`];
}

/** A kind that does not apply to the target: why, and what to add. */
export function notApplicableText({ kind, reason }: { kind: Kind; reason: string }, colors: Colors): string[] {
  return [`${titleOf(kind, colors)}  ${colors.yellow(VERDICT_WORDS.not_applicable)}`, `  ${reason}`];
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${column(index === 0 ? label : '', LABEL)} ${line}`);
}

function phasesOf(plan: Plan): string[] {
  const { preparation, warmupMs, durationMs, graceMs, arrivals, payloadBytes } = plan;
  const bodies = payloadBytes === undefined ? '' : `, bodies of ${amount(payloadBytes, 'bytes')}`;
  return [
    ...(preparation === undefined ? [] : [preparationText(preparation)]),
    ...(warmupMs > 0 ? [`${span(warmupMs)} warm-up at the same load, not judged`] : []),
    `${span(durationMs)} judged: ${arrivalsText(arrivals)}${bodies}`,
    `up to ${span(graceMs)} for the last answers`,
  ];
}

function preparationText({ type, maxMs, connections }: NonNullable<Plan['preparation']>): string {
  return type === 'rest'
    ? `${span(maxMs)} of single requests, to measure the idle response time`
    : `every key fetched once over ${figure(connections)} connections, within ${span(maxMs)}`;
}

function arrivalsText(arrivals: Arrivals): string {
  if (arrivals.model === 'closed')
    return `${figure(arrivals.connections)} connections, each sends its next request after an answer${cappedText(arrivals.maxPerSecond)}`;
  const { stages } = arrivals;
  const shape = arrivals.arrivals === 'poisson' ? 'Poisson arrivals' : 'constant arrivals';
  const [only] = stages;
  if (stages.length === 1 && only) return `${shape} at ${figure(only.toPerSecond)} requests/s`;
  const texts = stages.map(stageText);
  const period = texts.findIndex(
    (_, at) => at > 0 && texts.length % at === 0 && texts.every((text, index) => text === texts[index % at]),
  );
  if (period < 0) return `${shape}, ${texts.join(', ')}`;
  return `${shape}, ${figure(texts.length / period)} times ${texts.slice(0, period).join(' and ')}`;
}

function cappedText(maxPerSecond: number | undefined): string {
  return maxPerSecond === undefined ? '' : `, at most ${figure(maxPerSecond)} requests/s`;
}

function stageText({
  durationMs,
  fromPerSecond,
  toPerSecond,
}: {
  durationMs: number;
  fromPerSecond: number;
  toPerSecond: number;
}): string {
  const rate = `${figure(toPerSecond)} requests/s`;
  if (fromPerSecond !== toPerSecond) return `${span(durationMs)} from ${figure(fromPerSecond)} to ${rate}`;
  return toPerSecond === 0 ? `${span(durationMs)} pause` : `${span(durationMs)} at ${rate}`;
}

function requestText({ name, method, path, weight }: NonNullable<Plan['requests']>[number]): string {
  return `${name}: ${method} ${path}, weight ${figure(weight)}`;
}

/** The planned faults, below a line for what they have in common: where they are, and on what share of the connections. */
function faultTexts({ faults = [], warmupMs, durationMs }: Plan): string[] {
  const [first] = faults;
  if (first === undefined) return [];
  const where = first.link === 'client' ? 'between Hive and the target' : `between the target and ${first.link}`;
  const endMs = warmupMs + durationMs;
  return [`on ${percent(first.share)} of the connections ${where}`, ...faults.map((fault) => faultText(fault, endMs))];
}

function faultText({ fromMs, toMs, type, stream, attributes }: PlannedFault, endMs: number): string {
  const always = fromMs <= 0 && toMs >= endMs;
  const when = always ? 'all the time' : `${figure(fromMs / 1_000)}–${figure(toMs / 1_000)} s`;
  const how = Object.entries(attributes).map(([name, value]) => `${name} ${figure(value)}`);
  return `${when}: ${type} (${how.join(', ')}), ${stream}`;
}

function span(ms: number): string {
  return ms >= 1_000 ? `${figure(ms / 1_000)} s` : `${figure(ms)} ms`;
}
