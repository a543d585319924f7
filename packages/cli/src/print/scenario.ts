import { figure, type Arrivals, type Plan, type PlannedFault, type Scenario } from '@hive/contract';
import { column, percent } from './figures.js';
import type { Colors } from './terminal.js';

const LABEL = 9;

/** A scenario that was not run, for people: what is asked, what should come of it, and what would be done when. */
export function scenarioText(
  scenario: Scenario,
  { asked, colors }: { asked?: number | undefined; colors: Colors },
): string[] {
  const { kind, intensity, unit, difficulty, calibrated, predictedFailure, description, plan } = scenario;
  const chance = predictedFailure === null ? '' : `, fails with a chance of ${percent(predictedFailure)}`;
  const place = `${figure(intensity)} ${unit}, ${difficulty}${calibrated ? chance : ' (nothing learned yet)'}`;
  return [
    `${colors.bold(kind)}  ${place}`,
    `  ${description}`,
    ...movedText(scenario, asked),
    ...labelled('expected', scenario.expectedOutcomes),
    ...labelled('phases', phasesOf(plan)),
    ...labelled('sends', (plan.requests ?? []).map(requestText)),
    ...labelled('faults', faultTexts(plan)),
  ];
}

/** An intensity beyond the target's caps is brought within them, and that is said. */
function movedText({ intensity, unit }: Scenario, asked: number | undefined): string[] {
  if (asked === undefined || asked === intensity || Math.round(asked) === intensity) return [];
  return [`  (asked for ${figure(asked)} ${unit}, which is outside what may be tried on this target)`];
}

/** A kind that cannot be judged on the target: why, and what to add. */
export function notApplicableText({ kind, reason }: { kind: string; reason: string }, colors: Colors): string[] {
  return [`${colors.bold(kind)}  ${colors.yellow('not applicable')}`, `  ${reason}`];
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${column(index === 0 ? label : '', LABEL)} ${line}`);
}

function phasesOf(plan: Plan): string[] {
  const { preparation, warmupMs, durationMs, graceMs, arrivals, payloadBytes } = plan;
  const bodies = payloadBytes === undefined ? '' : `, bodies of ${figure(payloadBytes)} bytes`;
  return [
    ...(preparation === undefined ? [] : [preparationText(preparation)]),
    ...(warmupMs > 0 ? [`${span(warmupMs)} of warm-up at the same load, not judged`] : []),
    `${span(durationMs)} judged: ${arrivalsText(arrivals)}${bodies}`,
    `at most ${span(graceMs)} for what is still outstanding`,
  ];
}

function preparationText({ type, maxMs, connections }: NonNullable<Plan['preparation']>): string {
  return type === 'rest'
    ? `${span(maxMs)} of one request at a time, to see how long it takes at rest`
    : `every key fetched once over ${figure(connections)} connections, within ${span(maxMs)}`;
}

function arrivalsText(arrivals: Arrivals): string {
  if (arrivals.model === 'closed')
    return `${figure(arrivals.connections)} connections, the next request after each answer${cappedText(arrivals.maxPerSecond)}`;
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
  return toPerSecond === 0 ? `${span(durationMs)} of rest` : `${span(durationMs)} at ${rate}`;
}

function requestText({ name, method, path, weight }: NonNullable<Plan['requests']>[number]): string {
  return `${name}: ${method} ${path}, weight ${figure(weight)}`;
}

/** The planned faults, under a line for what they all have in common: where they are, and on how much. */
function faultTexts({ faults = [], warmupMs, durationMs }: Plan): string[] {
  const [first] = faults;
  if (first === undefined) return [];
  const where = first.link === 'client' ? 'between Hive and the target' : `between the target and ${first.link}`;
  const endMs = warmupMs + durationMs;
  return [`on ${percent(first.share)} of the connections ${where}`, ...faults.map((fault) => faultText(fault, endMs))];
}

function faultText({ fromMs, toMs, type, stream, attributes }: PlannedFault, endMs: number): string {
  const always = fromMs <= 0 && toMs >= endMs;
  const when = always ? 'all the time' : `${figure(fromMs / 1_000)} to ${figure(toMs / 1_000)} s`;
  const how = Object.entries(attributes).map(([name, value]) => `${name} ${figure(value)}`);
  return `${when}: ${type} (${how.join(', ')}), ${stream}`;
}

function span(ms: number): string {
  return ms >= 1_000 ? `${figure(ms / 1_000)} s` : `${figure(ms)} ms`;
}
