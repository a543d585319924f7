import { addCounts, noCounts, type Counts, type ErrorKind } from '@hive/contract';
import type { GroupCounts, TickExample, TickPart } from '../measuring.js';
import { joinExamples } from './examples.js';
import { addEncoded } from './histogram-decoding.js';
import { clearHistogram, createHistogram, type Histogram } from './histogram.js';

/** Sums of tick parts. */
export interface Totals {
  counts: Counts;
  arrived: number;
  spanMs: number;
  errors: Partial<Record<ErrorKind, number>>;
  /** Whole answers by status. */
  statuses: Record<string, number>;
  examples: TickExample[];
  bad: number[];
  badByLateness: number[];
  response: Histogram;
  service: Histogram;
  firstByte: Histogram;
  /** When the first good answer came and when the last, ms; null: none came. */
  goodBetweenMs: [number, number] | null;
  nodes: Record<string, number>;
  bytesIn: number;
  bytesOut: number;
  /** What is counted apart: the classes, then the nodes. */
  groups: GroupTotals[];
  /** Answers by the node that a header named. */
  namedNodes: Map<string, GroupTotals>;
  /** By the region of the load generators. */
  regions: Map<string, GroupTotals>;
  cache: { hits: number; misses: number };
}

/** Sums of one class's or one node's counts. */
export interface GroupTotals extends Omit<GroupCounts, 'responseTime' | 'serviceTime' | 'firstByte'> {
  response: Histogram;
  service: Histogram;
}

/** Response times, service times, and those to the first byte of the body. */
export type TimeHistograms = Pick<Totals, 'response' | 'service' | 'firstByte'>;

export const createTimes = (): TimeHistograms => ({
  response: createHistogram(),
  service: createHistogram(),
  firstByte: createHistogram(),
});

function clearTimes({ response, service, firstByte }: TimeHistograms): void {
  clearHistogram(response);
  clearHistogram(service);
  clearHistogram(firstByte);
}

/** `times`: empty ones, to be used. */
export function createTotals(thresholds: number, times = createTimes()): Totals {
  return {
    counts: noCounts(),
    arrived: 0,
    spanMs: 0,
    errors: {},
    statuses: {},
    examples: [],
    bad: Array.from({ length: thresholds }, () => 0),
    badByLateness: Array.from({ length: thresholds }, () => 0),
    ...times,
    goodBetweenMs: null,
    nodes: {},
    bytesIn: 0,
    bytesOut: 0,
    groups: [],
    namedNodes: new Map(),
    regions: new Map(),
    cache: { hits: 0, misses: 0 },
  };
}

/** Adds one part; `spanMs` is how much of its planned time it covers. */
export function addPart(totals: Totals, part: TickPart, spanMs: number): void {
  addCounts(totals.counts, part.counts);
  addEach(totals.errors, part.errors);
  addEach(totals.nodes, part.nodes);
  if (part.statuses) addEach(totals.statuses, part.statuses);
  if (part.examples) totals.examples = joinExamples(totals.examples, part.examples);
  if (part.goodBetweenMs) totals.goodBetweenMs = span(part.goodBetweenMs, totals.goodBetweenMs);
  for (const [index, bad] of part.bad.entries()) totals.bad[index] = (totals.bad[index] ?? 0) + bad;
  for (const [index, late] of (part.badByLateness ?? []).entries())
    totals.badByLateness[index] = (totals.badByLateness[index] ?? 0) + late;
  if (part.responseTime) addEncoded(totals.response, part.responseTime);
  if (part.serviceTime) addEncoded(totals.service, part.serviceTime);
  if (part.firstByte) addEncoded(totals.firstByte, part.firstByte);
  totals.arrived += part.arrived ?? part.counts.planned;
  totals.spanMs += spanMs;
  totals.bytesIn += part.bytesIn;
  totals.bytesOut += part.bytesOut;
  for (const [index, group] of (part.groups ?? []).entries()) addGroup((totals.groups[index] ??= noGroup()), group);
  addNamed(totals.namedNodes, part.namedNodes);
  addNamed(totals.regions, part.regions);
  if (part.cache) addEach(totals.cache, part.cache);
}

function addNamed(totals: Map<string, GroupTotals>, named: Record<string, GroupCounts> = {}): void {
  for (const [name, group] of Object.entries(named)) {
    const to = totals.get(name) ?? noGroup();
    totals.set(name, to);
    addGroup(to, group);
  }
}

/** Histograms that are not used any more, empty: making one takes longer than filling it. */
const spare: Histogram[] = [];

/** Gives back what totals used, when nobody looks at them any more. */
export function release(totals: Totals): void {
  clearTimes(totals);
  for (const { response, service } of [...totals.groups, ...totals.namedNodes.values(), ...totals.regions.values()])
    for (const histogram of [response, service]) {
      clearHistogram(histogram);
      spare.push(histogram);
    }
}

function noGroup(): GroupTotals {
  return {
    planned: 0,
    good: 0,
    failed: 0,
    droppedGenerator: 0,
    bad: [],
    badByLateness: [],
    response: spare.pop() ?? createHistogram(),
    service: spare.pop() ?? createHistogram(),
  };
}

function addGroup(to: GroupTotals, group: GroupCounts): void {
  const { planned, good, failed, droppedGenerator, bad, badByLateness, responseTime, serviceTime } = group;
  to.planned += planned;
  to.good += good;
  to.failed += failed;
  to.droppedGenerator += droppedGenerator;
  to.bad = addAt(bad, to.bad);
  to.badByLateness = addAt(badByLateness, to.badByLateness);
  if (responseTime) addEncoded(to.response, responseTime);
  if (serviceTime) addEncoded(to.service, serviceTime);
}

/** The shortest stretch that holds both; `other` may be none. */
export function span(one: [number, number], other: [number, number] | null | undefined): [number, number] {
  return other ? [Math.min(one[0], other[0]), Math.max(one[1], other[1])] : one;
}

/** The sums place by place; `other` may be shorter. */
export function addAt(one: readonly number[], other: readonly number[]): number[] {
  return one.map((value, index) => value + (other[index] ?? 0));
}

/** Adds the numbers of one record to another, key by key. */
export function addEach<Key extends string>(
  to: Partial<Record<Key, number>>,
  from: Partial<Record<Key, number>>,
): void {
  for (const key of Object.keys(from) as Key[]) to[key] = (to[key] ?? 0) + (from[key] ?? 0);
}
