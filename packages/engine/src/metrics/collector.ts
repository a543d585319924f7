import type { Counts, ErrorKind, GroupFigures, Latency, Validity, Window } from '@hive/contract';
import type { Phases, Soundness, Tick, TickExample, TickPart } from '../measuring.js';
import { addEncoded } from './histogram-decoding.js';
import { joinExamples } from './examples.js';
import { createHealthLog } from './health.js';
import { encodeHistogram } from './histogram.js';
import { toLatency } from './latency.js';
import { createPhases, eachPhase, type PhaseLatencies } from './phases.js';
import { addPart, createTimes, createTotals, release, type GroupTotals, type Totals } from './totals.js';
import { judgeValidity, soundnessOf, type ValidityFacts } from './validity.js';

export { mergeHistograms, mergeLatency, quantileMs, timeBeyondMs } from './latency.js';

/** A window without its names: what was measured in one interval. */
export type WindowFigures = Omit<Window, 'scenarioId' | 'sessionId' | 'targetId' | 'at'>;

/** What a run, or its judged part, came to. Encoded histograms are HDR V2 in µs; null when nothing was recorded. */
export interface JudgedTotals {
  counts: Counts;
  errors: Partial<Record<ErrorKind, number>>;
  /** Whole answers by status. */
  statuses: Record<string, number>;
  /** What went wrong, a few ways of it. */
  examples: TickExample[];
  /** For each threshold: planned requests that were not well answered within it. */
  bad: number[];
  /** Of `bad`, those that were bad only because the generator sent them late. */
  badByLateness: number[];
  /** The planned time it covers, s. */
  seconds: number;
  offeredPerSecond: number;
  /** Good answers per second, over `goodSeconds`. */
  throughputPerSecond: number;
  /** The planned time, or that from the first good answer to the last where it is longer: a line that drains after the end is no throughput. */
  goodSeconds: number;
  bytesIn: number;
  bytesOut: number;
  responseTimeMs: Latency;
  serviceTimeMs: Latency;
  /** From the intended start to the first byte of the body. */
  firstByteMs: Latency;
  waitingMs: number;
  peakConnections: number;
  /** Good answers by node. */
  nodes: Record<string, number>;
  /** What was counted apart: the classes, then the nodes. */
  groups: JudgedGroup[];
  /** The same by name. */
  named: NamedGroups;
  /** Good answers by what they said about a cache. */
  cache: { hits: number; misses: number };
  responseTime: Uint8Array | null;
  serviceTime: Uint8Array | null;
  firstByte: Uint8Array | null;
}

/** What became of the requests of one class or node in the judged part. */
export interface JudgedGroup extends GroupFigures {
  bad: number[];
  badByLateness: number[];
}

/** Names of what is counted apart. */
export interface GroupNames {
  byClass: readonly string[];
  byNode: readonly string[];
}

/** Figures of what is counted apart; absent where it is not. */
export type NamedGroups = Pick<Window, 'byClass' | 'byNode' | 'byRegion'>;

const ROW_MS = 1_000;
const NOTHING_APART: GroupNames = { byClass: [], byNode: [] };

/** Gathers the ticks of one run. */
export interface Collector {
  add(tick: Tick): void;
  /** One tick as a window, its parts merged. Changes nothing. */
  live(tick: Tick): WindowFigures;
  /** What was added since the last row, merged, when a second of the run's time is full or the run is over; else null. */
  takeRow(): { figures: WindowFigures; responseTime: Uint8Array | null; serviceTime: Uint8Array | null } | null;
  /** The judged part. */
  judged(): JudgedTotals;
  /** Both parts together. */
  whole(): JudgedTotals;
  /** Where the time of answered requests went, over both parts. */
  phases(): PhaseLatencies;
  /** How far the measurement can be trusted. */
  validity(): Validity;
  /** The same, apart by whether it counts for a run that passed. */
  soundness(): Soundness;
}

/** Makes a collector for one run, whose order had these thresholds. */
export function createCollector(of: { thresholdsMs: readonly number[]; groupNames?: GroupNames }): Collector {
  const { thresholdsMs, groupNames = NOTHING_APART } = of;
  const thresholds = thresholdsMs.length;
  const parts = { warmup: createTotals(thresholds), judged: createTotals(thresholds) };
  const whole = createTotals(thresholds);
  const health = createHealthLog();
  const phases = createPhases();
  // Histograms are large: those of a window and of a row are used again.
  const times = { live: createTimes(), row: createTimes() };
  let row: { totals: Totals; first: Tick; busyMs: number; latenessP99Ms: number } | null = null;
  let newest: Tick | undefined;
  let peakConnections = 0;

  const facts = (): ValidityFacts => ({
    ...health.facts(),
    counts: whole.counts,
    judged: parts.judged.counts,
    errors: whole.errors,
    recorded: { service: whole.service.total, response: whole.response.total },
    strictestMs: thresholds === 0 ? null : Math.min(...thresholdsMs),
  });

  return {
    add(tick) {
      row ??= { totals: createTotals(thresholds, times.row), first: tick, busyMs: 0, latenessP99Ms: 0 };
      for (const part of tick.parts) {
        const spanMs = spanOf(tick, part);
        addPart(parts[part.part], part, spanMs);
        addPart(whole, part, spanMs);
        addPart(row.totals, part, spanMs);
      }
      row.busyMs += tick.health.busy * (tick.toMs - tick.fromMs);
      row.latenessP99Ms = Math.max(row.latenessP99Ms, tick.health.latenessP99Ms);
      health.add(tick);
      if (tick.phases)
        for (const [phase, encoded] of entriesOf(tick.phases)) if (encoded) addEncoded(phases[phase], encoded);
      peakConnections = Math.max(peakConnections, tick.peakConnections);
      newest = tick;
    },
    live(tick) {
      const totals = createTotals(thresholds, times.live);
      for (const part of tick.parts) addPart(totals, part, spanOf(tick, part));
      const figures = toFigures(totals, tick, {
        fromMs: tick.fromMs,
        ...tick.health,
        generatorBusy: tick.health.busy,
        groupNames,
      });
      release(totals);
      return figures;
    },
    takeRow() {
      if (row === null || newest === undefined || !isFull(row.first, newest)) return null;
      const { totals, first, busyMs, latenessP99Ms } = row;
      const lengthMs = newest.toMs - first.fromMs;
      row = null;
      const taken = {
        figures: toFigures(totals, newest, {
          fromMs: first.fromMs,
          latenessP99Ms,
          generatorBusy: lengthMs > 0 ? busyMs / lengthMs : 0,
          groupNames,
        }),
        responseTime: encodeHistogram(totals.response),
        serviceTime: encodeHistogram(totals.service),
      };
      release(totals);
      return taken;
    },
    judged: () => summarise(parts.judged, { peakConnections, groupNames }),
    whole: () => summarise(whole, { peakConnections, groupNames }),
    phases: () => eachPhase((phase) => toLatency(phases[phase])),
    validity: () => judgeValidity(facts()),
    soundness: () => soundnessOf(facts()),
  };
}

/** Rows end with the first tick after each full second, so that late ticks do not add up. */
function isFull(first: Tick, newest: Tick): boolean {
  return newest.last || Math.floor(newest.toMs / ROW_MS) > Math.floor(first.fromMs / ROW_MS);
}

function entriesOf(phases: Phases<Uint8Array | null>): [keyof Phases<unknown>, Uint8Array | null][] {
  return Object.entries(phases) as [keyof Phases<unknown>, Uint8Array | null][];
}

function spanOf(tick: Tick, part: TickPart): number {
  return part.spanMs ?? (part.part === tick.phase ? tick.toMs - tick.fromMs : 0);
}

function toFigures(
  totals: Totals,
  tick: Tick,
  more: { fromMs: number; latenessP99Ms: number; generatorBusy: number; groupNames: GroupNames },
): WindowFigures {
  // A window without length has no rates: dividing by it would invent millions of requests a second.
  const seconds = (tick.toMs - more.fromMs) / 1_000;
  const perSecond = (count: number): number => (seconds > 0 ? count / seconds : 0);
  const responseTimeMs = toLatency(totals.response);
  const serviceTimeMs = toLatency(totals.service);
  return {
    fromMs: more.fromMs,
    toMs: tick.toMs,
    phase: tick.phase,
    counts: totals.counts,
    errors: totals.errors,
    offeredPerSecond: perSecond(totals.arrived),
    throughputPerSecond: perSecond(totals.counts.good),
    responseTimeMs,
    serviceTimeMs,
    waitingMs: waiting(responseTimeMs, serviceTimeMs),
    connections: tick.connections,
    outstanding: tick.outstanding,
    waiting: tick.waiting,
    bytesIn: totals.bytesIn,
    bytesOut: totals.bytesOut,
    latenessP99Ms: more.latenessP99Ms,
    generatorBusy: Math.min(1, more.generatorBusy),
    nodes: totals.nodes,
    ...namedGroups(totals, more.groupNames),
    ...(totals.cache.hits + totals.cache.misses > 0 ? { cache: { ...totals.cache } } : {}),
  };
}

function namedGroups({ groups, namedNodes, regions }: Totals, { byClass, byNode }: GroupNames): NamedGroups {
  const named = (names: readonly string[], from: number): Record<string, GroupFigures> =>
    Object.fromEntries(
      groups.slice(from, from + names.length).map((group, index) => [names[index] as string, groupFigures(group)]),
    );
  return {
    ...(byClass.length > 0 ? { byClass: named(byClass, 0) } : {}),
    ...(byNode.length > 0 ? { byNode: named(byNode, byClass.length) } : {}),
    ...(namedNodes.size > 0 ? { byNode: figuresByName(namedNodes) } : {}),
    ...(regions.size > 0 ? { byRegion: figuresByName(regions) } : {}),
  };
}

function figuresByName(groups: ReadonlyMap<string, GroupTotals>): Record<string, GroupFigures> {
  return Object.fromEntries([...groups].map(([name, group]) => [name, groupFigures(group)]));
}

function groupFigures({ planned, good, response, service }: GroupTotals): GroupFigures {
  return { planned, good, responseTimeMs: toLatency(response), serviceTimeMs: toLatency(service) };
}

function summarise(
  totals: Totals,
  { peakConnections, groupNames }: { peakConnections: number; groupNames: GroupNames },
): JudgedTotals {
  const seconds = totals.spanMs / 1_000;
  const [firstMs, lastMs] = totals.goodBetweenMs ?? [0, 0];
  const goodSeconds = Math.max(seconds, (lastMs - firstMs) / 1_000);
  const responseTimeMs = toLatency(totals.response);
  const serviceTimeMs = toLatency(totals.service);
  return {
    counts: { ...totals.counts },
    errors: { ...totals.errors },
    statuses: { ...totals.statuses },
    examples: joinExamples(totals.examples),
    bad: [...totals.bad],
    badByLateness: [...totals.badByLateness],
    seconds,
    offeredPerSecond: seconds > 0 ? totals.arrived / seconds : 0,
    throughputPerSecond: seconds > 0 ? totals.counts.good / goodSeconds : 0,
    goodSeconds,
    bytesIn: totals.bytesIn,
    bytesOut: totals.bytesOut,
    responseTimeMs,
    serviceTimeMs,
    firstByteMs: toLatency(totals.firstByte),
    waitingMs: waiting(responseTimeMs, serviceTimeMs),
    peakConnections,
    nodes: { ...totals.nodes },
    groups: totals.groups.map((group) => ({
      ...groupFigures(group),
      bad: [...group.bad],
      badByLateness: [...group.badByLateness],
    })),
    named: namedGroups(totals, groupNames),
    cache: { ...totals.cache },
    responseTime: encodeHistogram(totals.response),
    serviceTime: encodeHistogram(totals.service),
    firstByte: encodeHistogram(totals.firstByte),
  };
}

function waiting(response: Latency, service: Latency): number {
  return Math.max(0, response.mean - service.mean);
}
