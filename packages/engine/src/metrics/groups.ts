import type { GroupCounts, LoadOrder, Planned } from '../measuring.js';
import { clearHistogram, createHistogram, packHistogram, record, type Histogram } from './histogram.js';

/** What became of the requests of one class or one node since the last tick. */
export interface Group {
  planned: number;
  good: number;
  failed: number;
  droppedGenerator: number;
  bad: Float64Array;
  badByLateness: Float64Array;
  response: Histogram;
  service: Histogram;
  /** Where a threshold is about it; else null. */
  firstByte: Histogram | null;
}

/** The groups of one part of a run: the classes, then the nodes, as far as they are counted apart. */
export interface Groups {
  all: readonly Group[];
  /** Those that a request belongs to. Makes no new list. */
  of(planned: Planned): readonly Group[];
}

export function createGroups(order: LoadOrder): Groups {
  const { groupBy = [], requests, nodes } = order;
  const create = (): Group => createGroup(order);
  const byClass = groupBy.includes('class') ? requests.map(create) : [];
  const byNode = groupBy.includes('node') ? nodes.map(create) : [];
  const all = [...byClass, ...byNode];
  if (all.length === 0) return { all, of: () => all };
  // A class or node that was never drawn is −1.
  const width = nodes.length + 1;
  const places = Array.from({ length: (requests.length + 1) * width }, (_, place) =>
    [byClass[Math.floor(place / width) - 1], byNode[(place % width) - 1]].filter((group) => group !== undefined),
  );
  return { all, of: ({ requestClass, node }) => places[(requestClass + 1) * width + node + 1] as readonly Group[] };
}

function createGroup({ thresholdsMs, firstByteThresholds = [] }: LoadOrder): Group {
  return {
    planned: 0,
    good: 0,
    failed: 0,
    droppedGenerator: 0,
    bad: new Float64Array(thresholdsMs.length),
    badByLateness: new Float64Array(thresholdsMs.length),
    response: createHistogram(),
    service: createHistogram(),
    firstByte: firstByteThresholds.length > 0 ? createHistogram() : null,
  };
}

/** Records how long a request took; `serviceMs` null: it was never sent. */
export function recordInGroup(
  group: Group,
  { responseMs, serviceMs, firstMs }: { responseMs: number; serviceMs: number | null; firstMs: number },
): void {
  record(group.response, Math.round(responseMs * 1_000));
  if (serviceMs !== null) record(group.service, Math.round(serviceMs * 1_000));
  if (group.firstByte !== null) record(group.firstByte, Math.round(firstMs * 1_000));
}

/** Hands over what was counted, and starts over. */
export function takeGroups({ all }: Groups): GroupCounts[] {
  return all.map(takeGroup);
}

/** Answers by the node that a header named: nobody knows the names before. */
export interface NamedNodes {
  /** Null: it is not counted apart. */
  of(name: string | null): Group | null;
  /** Hands over what was counted, and starts over. */
  take(): Record<string, GroupCounts> | null;
}

/** As many as a target may have: a header with another value in each answer names no nodes. */
const MOST_NAMED = 64;

export function createNamedNodes(order: LoadOrder): NamedNodes {
  const { groupBy = [] } = order;
  if (!groupBy.includes('named_node')) return { of: () => null, take: () => null };
  const groups = new Map<string, Group>();
  return {
    of(name) {
      if (name === null) return null;
      const known = groups.get(name);
      if (known !== undefined || groups.size >= MOST_NAMED) return known ?? null;
      const group = createGroup(order);
      groups.set(name, group);
      return group;
    },
    take() {
      const answered = [...groups].filter(([, { planned }]) => planned > 0);
      return Object.fromEntries(answered.map(([name, group]) => [name, takeGroup(group)]));
    },
  };
}

function takeGroup(group: Group): GroupCounts {
  const { planned, good, failed, droppedGenerator, bad, badByLateness, response, service, firstByte } = group;
  const taken: GroupCounts = {
    planned,
    good,
    failed,
    droppedGenerator,
    bad: [...bad],
    badByLateness: [...badByLateness],
    responseTime: packHistogram(response),
    serviceTime: packHistogram(service),
    ...(firstByte === null ? {} : { firstByte: packHistogram(firstByte) }),
  };
  group.planned = 0;
  group.good = 0;
  group.failed = 0;
  group.droppedGenerator = 0;
  bad.fill(0);
  badByLateness.fill(0);
  clearHistogram(response);
  clearHistogram(service);
  if (firstByte !== null) clearHistogram(firstByte);
  return taken;
}
