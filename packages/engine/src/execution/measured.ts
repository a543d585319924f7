import { parseObjectives, type Counts } from '@hive/contract';
import type { GroupFacts, Stretch } from '../judging/facts.js';
import type { GroupPlan } from '../kinds/kind.js';
import type { GroupCounts, Soundness, Tick, TickPart } from '../measuring.js';
import {
  createCollector,
  quantileMs,
  type Collector,
  type GroupNames,
  type JudgedTotals,
} from '../metrics/collector.js';
import { joinHistograms } from '../metrics/merge.js';
import type { PhaseLatencies } from '../metrics/phases.js';
import { createStretches, type Stretches } from './stretches.js';

/** A collector with what is gathered beside it: by time, and by group. */
export interface Measured {
  collector: Collector;
  add(tick: Tick): void;
  stretches(): readonly Stretch[];
  groups(objectives: readonly string[]): GroupFacts[];
  /** Everything so far, as data. */
  figures(objectives: readonly string[]): MeasuredFigures;
}

/** What a run measured. */
export interface MeasuredFigures {
  totals: JudgedTotals;
  soundness: Soundness;
  phases: PhaseLatencies;
  stretches: readonly Stretch[];
  groups: readonly GroupFacts[];
  /** The classes that an objective is about. */
  classes: readonly GroupFacts[];
  /** By the region of the load generators; of one alone, or of this machine: none. */
  regions: readonly GroupFacts[];
}

/** Makes ready to measure one run whose order had these thresholds. */
export function createMeasured(of: {
  thresholdsMs: readonly number[];
  groupNames: GroupNames;
  groups: readonly GroupPlan[];
  /** The classes that an objective is about. */
  classes?: readonly GroupPlan[];
}): Measured {
  const { thresholdsMs, groupNames } = of;
  const collector = createCollector({ thresholdsMs, groupNames });
  const stretches = createStretches();
  const gather = (name: string): Gathered => ({
    name,
    collector: createCollector({ thresholdsMs }),
    stretches: createStretches(),
  });
  const groups = of.groups.map((plan) => ({ plan, ...gather(plan.name) }));
  const classes = (of.classes ?? []).map((plan) => ({ plan, ...gather(plan.name) }));
  const namedNodes = new Map<string, Gathered>();
  const regions = new Map<string, Gathered>();

  function addNamed(to: Map<string, Gathered>, tick: Tick, of: (part: TickPart) => TickPart['namedNodes']): void {
    for (const name of tick.parts.flatMap((part) => Object.keys(of(part) ?? {})))
      if (!to.has(name)) to.set(name, gather(name));
    for (const [name, group] of to)
      addTo(
        group,
        restrict(tick, (part) => [of(part)?.[name] ?? []].flat()),
      );
  }

  const factsOf = (some: readonly Gathered[], objectives: readonly string[]): GroupFacts[] =>
    some.map((group) => {
      const totals = group.collector.judged();
      return {
        name: group.name,
        whole: wholeOf(totals),
        stretches: group.stretches.all(),
        quantilesMs: quantilesOf(objectives, totals),
      };
    });
  const groupsNow = (objectives: readonly string[]): GroupFacts[] =>
    factsOf([...groups, ...namedNodes.values()], objectives);

  return {
    collector,
    add(tick) {
      collector.add(tick);
      stretches.add(tick);
      for (const group of [...groups, ...classes]) {
        const { within } = group.plan;
        if (within && (tick.toMs <= within.fromMs || tick.fromMs >= within.toMs)) continue;
        const { indexes } = group.plan;
        const isOf = (part: TickPart): GroupCounts[] => (indexes ?? []).flatMap((index) => part.groups?.[index] ?? []);
        addTo(group, indexes === null ? tick : restrict(tick, isOf));
      }
      addNamed(namedNodes, tick, (part) => part.namedNodes);
      addNamed(regions, tick, (part) => part.regions);
    },
    stretches: () => stretches.all(),
    groups: groupsNow,
    figures: (objectives) => ({
      totals: collector.judged(),
      soundness: collector.soundness(),
      phases: collector.phases(),
      stretches: stretches.all(),
      groups: groupsNow(objectives),
      classes: factsOf(classes, objectives),
      regions: factsOf([...regions.values()], objectives),
    }),
  };
}

/** What is gathered of one group. */
interface Gathered {
  name: string;
  collector: Collector;
  stretches: Stretches;
}

function addTo({ collector, stretches }: Gathered, own: Tick): void {
  collector.add(own);
  stretches.add(own);
}

/** The whole of what was judged, as one stretch. */
export function wholeOf(totals: JudgedTotals): Stretch {
  const { seconds, goodSeconds, counts, bad, badByLateness, responseTimeMs, firstByteMs, cache } = totals;
  return {
    endMs: seconds * 1_000,
    seconds,
    goodSeconds,
    counts,
    bad,
    badByLateness,
    meanMs: responseTimeMs.count > 0 ? responseTimeMs.mean : null,
    ...(firstByteMs.count > 0 ? { firstByteMeanMs: firstByteMs.mean } : {}),
    times: { response: responseTimeMs, firstByte: firstByteMs },
    cache,
  };
}

/** Time at each percentile clause's own quantile, by expression; ms. */
export function quantilesOf(
  objectives: readonly string[],
  { responseTime, firstByte }: Pick<JudgedTotals, 'responseTime' | 'firstByte'>,
): ReadonlyMap<string, number> {
  return new Map(
    parseObjectives(objectives).flatMap((one) => {
      const times = one.of === 'firstByte' ? firstByte : responseTime;
      if (one.type !== 'percentile' || times === null) return [];
      return [[one.expression, quantileMs(times, one.quantile)] as const];
    }),
  );
}

/** The tick as if only these groups' requests had been. */
function restrict(tick: Tick, groupsOf: (part: TickPart) => GroupCounts[]): Tick {
  return { ...tick, parts: tick.parts.map((part) => restrictPart(part, groupsOf(part))) };
}

function restrictPart(part: TickPart, groups: readonly GroupCounts[]): TickPart {
  const sum = (value: (group: GroupCounts) => number): number =>
    groups.reduce((total, group) => total + value(group), 0);
  const planned = sum((group) => group.planned);
  const good = sum((group) => group.good);
  const failed = sum((group) => group.failed);
  const droppedGenerator = sum((group) => group.droppedGenerator);
  const lost = { failed, timedOut: 0, cutOff: 0, droppedTarget: 0, droppedGenerator };
  const sent = planned - droppedGenerator;
  const counts: Counts = { ...part.counts, planned, good, sent, answered: good, ...lost };
  const each = (values: (group: GroupCounts) => readonly number[]): number[] =>
    part.bad.map((_, index) => sum((group) => values(group)[index] ?? 0));
  const { groups: _, namedNodes: __, regions: ___, ...rest } = part;
  return {
    ...rest,
    counts,
    arrived: planned,
    bad: each((group) => group.bad),
    badByLateness: each((group) => group.badByLateness),
    responseTime: joinHistograms(groups.map((group) => group.responseTime)),
    serviceTime: joinHistograms(groups.map((group) => group.serviceTime)),
    firstByte: joinHistograms(groups.map((group) => group.firstByte ?? null)),
  };
}
