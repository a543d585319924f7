import { parseObjective, type Plan, type Scenario, type ScenarioResult, type Window } from '@hive/contract';
import { spentOf } from '../allowance.js';
import { figure } from '../figure.js';
import { PLAIN_RUN, type RunRules } from '../kinds/plain-run.js';
import { kindDefinition } from '../kinds/registry.js';
import { countedObjectives, firstByteCounters, isLearnable, latenciesOf } from '../judging/shares.js';
import type { LoadOrder, Tick } from '../measuring.js';
import { isNoMatterOfLoad, type Cause } from '../checking/causes.js';
import { createCollector, type WindowFigures } from '../metrics/collector.js';
import type { PhaseLatencies } from '../metrics/phases.js';
import { createAlike, type Alike } from '../metrics/alike.js';
import { createSilence, type Silence } from '../metrics/silence.js';
import { groupNamesOf } from './apart.js';
import { watchChirp } from './looks/chirp-watch.js';
import { watchClosedLook } from './looks/closed-look.js';
import type { ChirpCounter, Look } from './looks/look.js';
import { conclude, outOfReach } from './conclude.js';
import { certainFailure } from '../judging/early-stop.js';
import type { TrainingEvent } from './events.js';
import { errorsInWords } from './error-words.js';
import { openLinks, type Links } from './links.js';
import { outsideOf } from './outside.js';
import { createMeasured, type Measured, type MeasuredFigures } from './measured.js';
import { toOrder } from './order.js';
import { prepare, type Prepared } from './preparation.js';
import type { Ending, Standard, Surroundings } from './running.js';
import { watchTarget, type TargetWatch } from './target-watch.js';
import { isNewLoad, silenceLimitMs, whyAlike, whyGone, type ShownBefore } from './rest/still-there.js';
import { ticksOf } from './ticks.js';

/** One scenario to be executed. */
export interface ExecuteOptions extends Surroundings {
  scenario: Scenario;
  reason?: string;
  /** Somebody asked for this load as it stands: it is judged by the objectives alone, and nothing is learned from it. */
  plain?: boolean;
  /** What the target has shown before; absent: it is not asked whether it still answers. */
  before?: ShownBefore;
}

/** What came of a scenario. */
export interface Executed {
  result: ScenarioResult;
  /** Where the time of answered requests went; null: nothing was measured. */
  phases: PhaseLatencies | null;
  /** Why the target answers nothing any more, at rest neither; null: it answers. */
  gone: Cause | null;
  /** Every request went wrong in the same way, whatever the load. */
  alike: boolean;
}

/**
 * Executes one scenario for real: prepare → load, with its faults → windows → verdict. Yields `scenario_started`, `window` four times a
 * second, `row` once a second, and `scenario_completed`.
 * @throws HiveError `refused_by_safety` or `target_unreachable` before anything is dialled.
 */
export async function* execute(options: ExecuteOptions): AsyncGenerator<TrainingEvent, Executed> {
  const { scenario, target, clock, allowTargets } = options;
  const outside = outsideOf(options);
  const { warmupMs, durationMs } = scenario.plan;
  const started = clock.now();
  yield {
    type: 'scenario_started',
    scenario,
    reason: options.reason ?? 'asked for',
    plannedMs: warmupMs + durationMs,
  };
  const watch = watchTarget({ target, clock, allowTargets, outside });
  const links = await openLinks({ ...scenario, target, allowTargets, outside });
  let done: Judged;
  try {
    await watch.rest();
    const prepared = yield* shown(prepare({ ...options, nodes: links.nodes }), options);
    done =
      prepared.trouble !== null && !options.signal.aborted
        ? { result: outOfReach(prepared.trouble), measured: null, gone: null, alike: false }
        : yield* measureAndJudge(options, { watch, links, prepared });
  } finally {
    await Promise.all([links.close(), watch.close()]);
  }
  const { measured } = done;
  const allowance = options.safeguards?.allowance;
  const result = { ...done.result, executionSeconds: (clock.now() - started) / 1_000 };
  yield {
    type: 'scenario_completed',
    scenario,
    result,
    responseTime: measured?.totals.responseTime ?? null,
    serviceTime: measured?.totals.serviceTime ?? null,
    ...(allowance === undefined ? {} : { spent: spentOf(allowance) }),
  };
  return { result, phases: measured?.phases ?? null, gone: done.gone, alike: done.alike };
}

/** What stands ready before the load. */
interface Ready {
  watch: TargetWatch;
  links: Links;
  prepared: Prepared;
}

interface Judged {
  result: ScenarioResult;
  measured: MeasuredFigures | null;
  gone: Cause | null;
  alike: boolean;
}

/** Load → windows → verdict. */
async function* measureAndJudge(options: ExecuteOptions, ready: Ready): AsyncGenerator<TrainingEvent, Judged> {
  const { scenario, target, allowTargets, environment, sessionId } = options;
  const { watch, links, prepared } = ready;
  const { plan, seed } = scenario;
  const { restP50Ms } = prepared;
  const rules = options.plain === true ? PLAIN_RUN : kindDefinition(scenario.kind);
  const { nodes, spared } = links;
  const filled = options.load.fillsIn === true ? null : environment;
  const common = { plan, seed, target, allowTargets, nodes, environment: filled, sessionId };
  const asked = rules.standard({ ...scenario, target, restP50Ms }).objectives;
  const objectives = options.plain === true ? asked : weighedIn(asked, toOrder({ ...common, thresholdsMs: [] }));
  const standard = { objectives, latenciesMs: latenciesOf(objectives) };
  const judgedClasses = classesOf(objectives);
  const order = toOrder({
    ...common,
    thresholdsMs: standard.latenciesMs,
    firstByteThresholds: firstByteCounters(objectives),
    classesApart: judgedClasses.size > 0,
  });
  const groupNames = groupNamesOf(order);
  const classes = [...judgedClasses].flatMap((name) => {
    const indexes = order.requests.flatMap((request, index) => (request.name === name ? [index] : []));
    return indexes.length === 0 ? [] : [{ name, indexes }];
  });
  const groups = rules.groups(plan, { ...groupNames, spared });
  const measuring = createMeasured({ thresholdsMs: order.thresholdsMs, groupNames, groups, classes });
  const look = lookOf(plan, countersOf(standard, order));
  const ending = yield* run({ ...options, order, links, watch, rules, standard, measured: measuring, look });
  const measured = measuring.figures(objectives);
  const result = conclude({
    scenario,
    target,
    rules,
    standard,
    ending,
    measured,
    watched: watch.seen(),
    restP50Ms,
    spared,
    chirp: look?.evidence() ?? null,
    errorsInWords: errorsInWords({ order, target, environment, more: options.safeguards?.authorization?.secrets() }),
  });
  return { result, measured, gone: ending.gone, alike: ending.alike !== null };
}

interface Running extends Surroundings {
  scenario: Scenario;
  before?: ShownBefore;
  order: LoadOrder;
  links: Links;
  watch: TargetWatch;
  rules: RunRules;
  standard: Standard;
  measured: Measured;
  look: Look | null;
}

function lookOf(plan: Plan, counters: readonly ChirpCounter[]): Look | null {
  if (plan.chirp === undefined) return null;
  return plan.chirp.levels === undefined ? watchChirp(plan, counters) : watchClosedLook(plan, counters);
}

async function* run(running: Running): AsyncGenerator<TrainingEvent, Ending> {
  const { scenario, load, order, links, watch, measured, look, safeguards } = running;
  const { collector } = measured;
  const stop = new AbortController();
  const signal = AbortSignal.any([running.signal, stop.signal]);
  const isCertain = look === null ? certainty(running) : () => look.found(scenario.unit);
  const faultsEndMs = Math.max(0, ...(scenario.plan.faults ?? []).map(({ toMs }) => toMs));
  const ending: Ending = {
    stoppedBecause: null,
    aborted: false,
    backlog: 0,
    gone: null,
    alike: null,
    teachesNothing: false,
    around: { state: 'unknown' },
  };
  const silence = createSilence();
  const alike = createAlike();
  const isFaulty = (scenario.plan.faults ?? []).length > 0;
  const before = isFaulty ? undefined : running.before;

  await links.follow(0);
  running.beside?.begin(scenario.plan);
  let endMs = 0;
  const ticks = look === null ? ticksOf : look.ticks;
  for await (const tick of ticks({ load, order, signal, safeguards }, measured)) {
    const live = collector.live(tick);
    look?.add(tick, live.responseTimeMs.mean);
    silence.add(tick);
    alike.add(tick);
    if (tick.toMs < faultsEndMs + order.tickMs) ending.backlog = tick.outstanding + tick.waiting;
    await links.follow(tick.toMs);
    watch.follow(tick.toMs);
    endMs = tick.toMs;
    yield { type: 'window', window: identify(live, running) };
    const row = collector.takeRow();
    const told = running.beside?.follow(tick.toMs) ?? null;
    if (told !== null) yield told;
    if (row) yield { type: 'row', ...row, window: identify({ ...row.figures, ...watch.newest() }, running) };
    if (ending.stoppedBecause === null && !tick.last) {
      ending.stoppedBecause = isCertain() ?? silent(silence, before) ?? (isFaulty ? null : hopeless(alike));
      if (ending.stoppedBecause !== null) stop.abort();
    }
  }
  ending.around = running.beside?.end(endMs) ?? ending.around;
  ending.aborted = running.signal.aborted;
  ending.stoppedBecause ??= look?.found(scenario.unit) ?? null;
  if (ending.aborted || isFaulty) return ending;
  const alone = { ...running, ask: outsideOf(running).ask, requestName: before?.heaviest };
  ending.alike = await whyAlike({ ...alone, alike });
  if (ending.alike !== null) {
    ending.gone = before === undefined ? null : ending.alike;
    ending.teachesNothing = true;
  } else if (before !== undefined) {
    ending.gone = await whyGone({ ...alone, silence, before });
    ending.teachesNothing = ending.gone !== null && !isNewLoad(silence, before);
  }
  return ending;
}

/** Says that no request can get a good answer, whatever the load, or null. */
function hopeless(alike: Alike): string | null {
  const example = alike.soFar();
  return example !== null && isNoMatterOfLoad(example) ? 'every request went wrong in the same way' : null;
}

/** Says that nothing has been answered for too long, or null. */
function silent(silence: Silence, before: ShownBefore | undefined): string | null {
  if (before === undefined || silence.ms() < silenceLimitMs(before)) return null;
  return `nothing was answered for ${figure(silence.ms() / 1_000)} s`;
}

/** Says whether failure is certain already, where the plan's own length leaves nothing more to be seen. */
function certainty({ scenario, rules, standard, measured }: Running): () => string | null {
  const { plan } = scenario;
  const { arrivals } = plan;
  const { certainBy } = rules;
  if (arrivals.model !== 'open' || certainBy === 'nothing') return () => null;
  const rate = arrivals.stages.at(-1)?.toPerSecond ?? 0;
  const all = (rate * plan.durationMs) / 1_000;
  if (certainBy === 'all requests') return () => certainFailure(standard.objectives, measured.stretches(), all);
  const weights = plan.requests?.map(({ weight }) => weight) ?? [1];
  const own = (all * (weights[0] as number)) / weights.reduce((sum, weight) => sum + weight, 0);
  return () => certainFailure(standard.objectives, measured.groups([])[0]?.stretches ?? [], own);
}

/** Shows the ticks of a preparation as windows of the scenario's warm-up. */
async function* shown(
  ticks: AsyncGenerator<Tick, Prepared>,
  options: Surroundings & { scenario: Scenario },
): AsyncGenerator<TrainingEvent, Prepared> {
  const collector = createCollector({ thresholdsMs: [] });
  for (;;) {
    const next = await ticks.next();
    if (next.done) return next.value;
    yield { type: 'window', window: identify({ ...collector.live(next.value), phase: 'warmup' }, options) };
  }
}

function identify(
  figures: WindowFigures,
  { scenario, target, clock, sessionId }: Surroundings & { scenario: Scenario },
): Window {
  const at = new Date(clock.wall()).toISOString();
  return { scenarioId: scenario.id, sessionId, targetId: target.id, at, ...figures };
}

/** The classes that an objective is about. */
function classesOf(objectives: readonly string[]): Set<string> {
  return new Set(objectives.flatMap((one) => parseObjective(one).requestClass ?? []));
}

/** What a run weighs on the way to a limit: clauses about what it sends, that can move one. */
function weighedIn(objectives: readonly string[], { requests }: LoadOrder): string[] {
  return objectives.filter((expression) => {
    const objective = parseObjective(expression);
    const { requestClass } = objective;
    return isLearnable(objective) && (requestClass === null || requests.some(({ name }) => name === requestClass));
  });
}

/** What each clause is counted by. */
function countersOf({ objectives }: Standard, { requests }: LoadOrder): ChirpCounter[] {
  return countedObjectives(objectives).flatMap((one): ChirpCounter[] => {
    const own = requests.findIndex(({ name }) => name === one.requestClass);
    const group = one.requestClass === null ? null : own;
    const { of } = one;
    if (one.type === 'percentile') return [{ of, group, threshold: one.counter ?? 0 }];
    if (one.type === 'average') return [{ of, group, meanMs: one.latencyMs }];
    return one.type === 'errors' ? [{ of, group, errors: true }] : [];
  });
}
