import { addCounts } from '@hive/contract';
import type { GeneratorHealth, GroupCounts, Tick, TickPart } from '../measuring.js';
import { addEncoded } from './histogram-decoding.js';
import { joinExamples } from './examples.js';
import { clearHistogram, createHistogram, packHistogram, quantileUs, type Histogram } from './histogram.js';
import { eachPhase } from './phases.js';
import { addAt, addEach, span } from './totals.js';

/**
 * Joins the ticks of several threads for one and the same interval of one run: at least one tick, fewer than `threads` when some have
 * ended already.
 */
export function joinThreads(ticks: readonly Tick[], threads: number): Tick {
  const [first] = ticks as [Tick, ...Tick[]];
  if (threads === 1) return first;
  const sum = (value: (tick: Tick) => number): number => ticks.reduce((total, tick) => total + value(tick), 0);
  const most = (value: (tick: Tick) => number): number => Math.max(...ticks.map(value));
  const fromMs = Math.min(...ticks.map((tick) => tick.fromMs));
  const toMs = most((tick) => tick.toMs);
  return {
    ...first,
    fromMs,
    toMs,
    // Each thread covers the whole planned time in its own ticks, which end at slightly different moments: the mean covers it too.
    parts: joinParts(ticks, 1 / threads),
    connections: sum((tick) => tick.connections),
    peakConnections: sum((tick) => tick.peakConnections),
    outstanding: sum((tick) => tick.outstanding),
    waiting: sum((tick) => tick.waiting),
    health: {
      ...first.health,
      ...joinLateness(ticks),
      busy: most((tick) => tick.health.busy),
      eventLoopDelayP99Ms: most((tick) => tick.health.eventLoopDelayP99Ms),
      outstandingIntegralMs: sum((tick) => tick.health.outstandingIntegralMs),
      endedServiceMs: sum((tick) => tick.health.endedServiceMs),
      openAgesMs: sum((tick) => tick.health.openAgesMs),
      clockJumpMs: most((tick) => Math.abs(tick.health.clockJumpMs)),
      badDurations: sum((tick) => tick.health.badDurations ?? 0),
      ...mostOf(ticks, 'machineBusy'),
      ...mostOf(ticks, 'machineSteal'),
    },
    ...joinPhases(ticks),
    last: ticks.every((tick) => tick.last),
    ...endedEarly(ticks),
  };
}

/** Joins one tick with the next of the same run, so that a slow reader loses detail and never counts. */
export function joinConsecutive(one: Tick, next: Tick): Tick {
  const ticks = [one, next];
  const lengthMs = next.toMs - one.fromMs;
  const mean = (value: (health: GeneratorHealth) => number): number =>
    lengthMs <= 0
      ? value(next.health)
      : ticks.reduce((sum, tick) => sum + value(tick.health) * (tick.toMs - tick.fromMs), 0) / lengthMs;
  return {
    ...next,
    fromMs: one.fromMs,
    parts: joinParts(ticks, 1),
    ...joinPhases(ticks),
    peakConnections: Math.max(one.peakConnections, next.peakConnections),
    health: {
      ...next.health,
      ...joinLateness(ticks),
      busy: mean((health) => health.busy),
      outstandingIntegralMs: one.health.outstandingIntegralMs + next.health.outstandingIntegralMs,
      // Open ages at the tick between cancel out: what was open there has ended by now, or is open still.
      endedServiceMs: one.health.endedServiceMs + next.health.endedServiceMs,
      clockJumpMs: Math.max(Math.abs(one.health.clockJumpMs), Math.abs(next.health.clockJumpMs)),
      badDurations: (one.health.badDurations ?? 0) + (next.health.badDurations ?? 0),
      ...(next.health.machineBusy === undefined ? {} : { machineBusy: mean((health) => health.machineBusy ?? 0) }),
      ...(next.health.machineSteal === undefined ? {} : { machineSteal: mean((health) => health.machineSteal ?? 0) }),
    },
    ...endedEarly(ticks),
  };
}

/** Of several machines, the one that says the most; nothing where none says it. */
function mostOf(ticks: readonly Tick[], name: 'machineBusy' | 'machineSteal'): Partial<GeneratorHealth> {
  const values = ticks.flatMap(({ health }) => health[name] ?? []);
  return values.length === 0 ? {} : { [name]: Math.max(...values) };
}

function endedEarly(ticks: readonly Tick[]): Pick<Tick, 'endedEarly'> {
  const causes = ticks.flatMap((tick) => tick.endedEarly ?? []);
  const cause = causes.find((one) => one === 'generator_overloaded') ?? causes[0];
  return cause === undefined ? {} : { endedEarly: cause };
}

function joinLateness(ticks: readonly Tick[]): Pick<GeneratorHealth, 'lateness' | 'latenessP99Ms'> {
  const joined = joinedOf(ticks.flatMap(({ health }) => health.lateness ?? []));
  return { lateness: packHistogram(joined), latenessP99Ms: quantileUs(joined, 0.99) / 1_000 };
}

function joinPhases(ticks: readonly Tick[]): Pick<Tick, 'phases'> {
  const phases = ticks.flatMap((tick) => tick.phases ?? []);
  if (phases.length === 0) return {};
  return { phases: eachPhase((phase) => joinHistograms(phases.map((one) => one[phase]))) };
}

function joinParts(ticks: readonly Tick[], spanFactor: number): TickPart[] {
  return (['warmup', 'judged'] as const).flatMap((name) => {
    const parts = ticks.flatMap((tick) => tick.parts.filter((part) => part.part === name));
    const [first, ...others] = parts;
    if (!first) return [];
    const joined: TickPart = {
      ...first,
      counts: { ...first.counts },
      errors: { ...first.errors },
      bad: [...first.bad],
      nodes: { ...first.nodes },
      ...(first.statuses && { statuses: { ...first.statuses } }),
      responseTime: joinHistograms(parts.map((part) => part.responseTime)),
      serviceTime: joinHistograms(parts.map((part) => part.serviceTime)),
      firstByte: joinHistograms(parts.map((part) => part.firstByte ?? null)),
    };
    for (const part of others) addTo(joined, part);
    const groups = joinGroups(parts.flatMap((part) => (part.groups ? [part.groups] : [])));
    if (groups.length > 0) joined.groups = groups;
    const named = joinNamed(parts.map(({ namedNodes }) => namedNodes).filter((one) => one !== undefined));
    if (named !== null) joined.namedNodes = named;
    const regions = joinNamed(parts.map((part) => part.regions).filter((one) => one !== undefined));
    if (regions !== null) joined.regions = regions;
    joined.spanMs = parts.reduce((sum, part) => sum + (part.spanMs ?? 0), 0) * spanFactor;
    return [joined];
  });
}

function addTo(joined: TickPart, part: TickPart): void {
  addCounts(joined.counts, part.counts);
  addEach(joined.errors, part.errors);
  addEach(joined.nodes, part.nodes);
  if (part.goodBetweenMs) joined.goodBetweenMs = span(part.goodBetweenMs, joined.goodBetweenMs);
  joined.bad = addAt(joined.bad, part.bad);
  if (part.badByLateness) joined.badByLateness = addAt(part.badByLateness, joined.badByLateness ?? []);
  if (joined.arrived !== undefined) joined.arrived += part.arrived ?? 0;
  if (part.statuses) addEach((joined.statuses ??= {}), part.statuses);
  if (part.examples) joined.examples = joinExamples(joined.examples, part.examples);
  joined.bytesIn += part.bytesIn;
  joined.bytesOut += part.bytesOut;
  if (part.cache) {
    const { hits, misses } = joined.cache ?? { hits: 0, misses: 0 };
    joined.cache = { hits: hits + part.cache.hits, misses: misses + part.cache.misses };
  }
}

/** The same by name; null: none was counted apart. */
function joinNamed(several: readonly Record<string, GroupCounts>[]): Record<string, GroupCounts> | null {
  if (several.length === 0) return null;
  const names = new Set(several.flatMap((named) => Object.keys(named)));
  return Object.fromEntries(
    [...names].flatMap((name) =>
      joinGroups(several.flatMap((named) => (named[name] ? [[named[name]]] : []))).map((group) => [name, group]),
    ),
  );
}

/** The groups of several parts, place by place. */
function joinGroups(several: readonly GroupCounts[][]): GroupCounts[] {
  const [first, ...others] = several;
  return (first ?? []).map((group, index) => {
    const same = others.flatMap((groups) => groups[index] ?? []);
    return {
      planned: same.reduce((sum, one) => sum + one.planned, group.planned),
      good: same.reduce((sum, one) => sum + one.good, group.good),
      failed: same.reduce((sum, one) => sum + one.failed, group.failed),
      droppedGenerator: same.reduce((sum, one) => sum + one.droppedGenerator, group.droppedGenerator),
      bad: same.reduce((sum, one) => addAt(sum, one.bad), group.bad),
      badByLateness: same.reduce((sum, one) => addAt(sum, one.badByLateness), group.badByLateness),
      responseTime: joinHistograms([group, ...same].map(({ responseTime }) => responseTime)),
      serviceTime: joinHistograms([group, ...same].map(({ serviceTime }) => serviceTime)),
      ...(group.firstByte === undefined
        ? {}
        : { firstByte: joinHistograms([group, ...same].map(({ firstByte = null }) => firstByte)) }),
    };
  });
}

/** What is counted of a part, as that of a group of requests. */
export function groupOf({ counts, bad, badByLateness, responseTime, serviceTime, firstByte }: TickPart): GroupCounts {
  const { planned, good, droppedGenerator, answered, failed, timedOut, cutOff, droppedTarget } = counts;
  return {
    planned,
    good,
    failed: answered - good + failed + timedOut + cutOff + droppedTarget,
    droppedGenerator,
    bad: [...bad],
    badByLateness: badByLateness === undefined ? bad.map(() => 0) : [...badByLateness],
    responseTime,
    serviceTime,
    ...(firstByte === undefined ? {} : { firstByte }),
  };
}

/** Encoded histograms as one; null: nothing was recorded. */
export function joinHistograms(encoded: readonly (Uint8Array | null)[]): Uint8Array | null {
  const some = encoded.filter((one) => one !== null);
  if (some.length < 2) return some[0] ?? null;
  return packHistogram(joinedOf(some));
}

const joining = createHistogram();

/** Encoded histograms together, in one that the next call uses again: a new one is a hundred kilobytes. */
function joinedOf(encoded: readonly Uint8Array[]): Histogram {
  clearHistogram(joining);
  for (const one of encoded) addEncoded(joining, one);
  return joining;
}
