import { parseObjectives, type Scenario, type ScenarioResult, type Window } from '@hive/contract';
import { figure } from '../figure.js';
import { kindDefinition } from '../kinds/registry.js';
import { latenciesOf } from '../judging/shares.js';
import type { LoadOrder, Tick } from '../measuring.js';
import { createCollector, type WindowFigures } from '../metrics/collector.js';
import { groupNamesOf } from './apart.js';
import { watchChirp, type ChirpCounter, type ChirpWatch } from './chirp-watch.js';
import { conclude, outOfReach } from './conclude.js';
import { certainFailure } from './early-stop.js';
import type { TrainingEvent } from './events.js';
import { openLinks, type Links } from './links.js';
import { realOutside } from './outside.js';
import { createMeasured, type Measured } from './measured.js';
import { toOrder } from './order.js';
import { prepare, type Prepared } from './preparation.js';
import type { Ending, Standard, Surroundings } from './running.js';
import { watchTarget, type TargetWatch } from './target-watch.js';

/**
 * Executes one scenario for real: prepare → load, with its faults → windows → verdict. Yields `scenario_started`, `window` four times a
 * second, `row` once a second, and `scenario_completed`; the result is also the generator's return value.
 * @throws HiveError `refused_by_safety` or `target_unreachable` before anything is dialled.
 */
export async function* execute(
  options: Surroundings & { scenario: Scenario; reason?: string },
): AsyncGenerator<TrainingEvent, ScenarioResult> {
  const { scenario, target, clock, allowTargets, outside = realOutside } = options;
  const started = clock.now();
  yield {
    type: 'scenario_started',
    scenario,
    reason: options.reason ?? 'asked for',
    plannedMs: scenario.plan.warmupMs + scenario.plan.durationMs,
  };
  const kind = kindDefinition(scenario.kind);
  const watch = watchTarget({ target, clock, allowTargets, outside });
  const links = await openLinks({ ...scenario, target, allowTargets, outside });
  let result: ScenarioResult;
  let measured: Measured | null = null;
  try {
    await watch.rest();
    const prepared = yield* shown(prepare({ ...options, nodes: links.nodes }), options);
    if (prepared.trouble !== null && !options.signal.aborted) {
      result = outOfReach(prepared.trouble);
    } else {
      const { objectives } = kind.standard({ ...scenario, target, restP50Ms: prepared.restP50Ms });
      const standard = { objectives, latenciesMs: latenciesOf(objectives) };
      const order = toOrder({
        plan: scenario.plan,
        seed: scenario.seed,
        target,
        thresholdsMs: standard.latenciesMs,
        allowTargets: options.allowTargets,
        nodes: links.nodes,
        environment: options.environment,
      });
      const groupNames = groupNamesOf(order);
      const groups = kind.groups(scenario.plan, { ...groupNames, spared: links.spared });
      measured = createMeasured({ thresholdsMs: order.thresholdsMs, groupNames, groups });
      const chirp = scenario.plan.chirp === undefined ? null : watchChirp(scenario.plan, countersOf(standard));
      const ending = yield* run({ ...options, order, links, watch, standard, measured, chirp });
      result = conclude({ ...ending, scenario, target, standard, prepared, links, watch, measured, chirp });
    }
  } finally {
    await Promise.all([links.close(), watch.close()]);
  }
  result.executionSeconds = (clock.now() - started) / 1_000;
  const judged = measured?.collector.judged();
  yield {
    type: 'scenario_completed',
    scenario,
    result,
    responseTime: judged?.responseTime ?? null,
    serviceTime: judged?.serviceTime ?? null,
  };
  return result;
}

interface Running extends Surroundings {
  scenario: Scenario;
  order: LoadOrder;
  links: Links;
  watch: TargetWatch;
  standard: Standard;
  measured: Measured;
  chirp: ChirpWatch | null;
}

function hurt(chirp: ChirpWatch, { unit }: Scenario): string | null {
  const onset = chirp.onset();
  return onset === null ? null : `it began to hurt at about ${figure(onset)} ${unit}`;
}

async function* run(running: Running): AsyncGenerator<TrainingEvent, Ending> {
  const { scenario, order, links, watch, measured } = running;
  const { collector } = measured;
  const stop = new AbortController();
  const signal = AbortSignal.any([running.signal, stop.signal]);
  const { chirp } = running;
  const isCertain = chirp === null ? certainty(running) : () => hurt(chirp, scenario);
  const faultsEndMs = Math.max(0, ...(scenario.plan.faults ?? []).map(({ toMs }) => toMs));
  const ending: Ending = { stoppedBecause: null, generatorGaveUp: false, aborted: false, backlog: 0 };

  await links.follow(0);
  for await (const tick of running.load.run(order, signal)) {
    measured.add(tick);
    chirp?.add(tick, collector.live(tick).responseTimeMs.mean);
    if (tick.toMs < faultsEndMs + order.tickMs) ending.backlog = tick.outstanding + tick.waiting;
    await links.follow(tick.toMs);
    watch.follow(tick.toMs);
    yield { type: 'window', window: identify(collector.live(tick), running) };
    const row = collector.takeRow();
    if (row) yield { type: 'row', ...row, window: identify({ ...row.figures, ...watch.newest() }, running) };
    ending.generatorGaveUp ||= tick.endedEarly === 'generator_overloaded';
    if (ending.stoppedBecause === null && !tick.last) {
      ending.stoppedBecause = isCertain();
      if (ending.stoppedBecause !== null) stop.abort();
    }
  }
  ending.aborted = running.signal.aborted;
  return ending;
}

/** Says whether failure is certain already, where the plan's own length leaves nothing more to be seen. */
function certainty({ scenario, standard, measured }: Running): () => string | null {
  const { plan, kind } = scenario;
  const { arrivals } = plan;
  const { certainBy } = kindDefinition(kind);
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

/** What each clause is counted by. */
function countersOf({ objectives, latenciesMs }: Standard): ChirpCounter[] {
  return parseObjectives(objectives).flatMap((one): ChirpCounter[] => {
    if (one.type === 'percentile') return [{ threshold: latenciesMs.indexOf(one.latencyMs) }];
    if (one.type === 'average') return [{ meanMs: one.latencyMs }];
    return one.type === 'errors' ? ['errors'] : [];
  });
}
