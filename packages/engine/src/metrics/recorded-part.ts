import type { ErrorKind } from '@hive/contract';
import type { Exchange, LoadOrder, TickExample, TickPart } from '../measuring.js';
import { noteExample, statusesOf } from './examples.js';
import { createGroups, createNamedNodes, takeGroups, type Groups, type NamedNodes } from './groups.js';
import { clearHistogram, createHistogram, packHistogram, type Histogram } from './histogram.js';

/** A status has three digits; 0 stands for none. */
const STATUSES = 1_000;

/** What is recorded of one part of a run since the last tick. */
export interface Part {
  part: TickPart['part'];
  arrived: number;
  sent: number;
  droppedTarget: number;
  droppedGenerator: number;
  answered: number;
  good: number;
  firstGoodMs: number;
  lastGoodMs: number;
  failed: number;
  timedOut: number;
  cutOff: number;
  bytesIn: number;
  bytesOut: number;
  errors: Partial<Record<ErrorKind, number>>;
  /** Whole answers by status. */
  statuses: Uint32Array;
  examples: TickExample[];
  bad: Float64Array;
  badByLateness: Float64Array;
  nodes: Uint32Array;
  /** Good answers by whoever a header named. */
  servedBy: Map<string, number>;
  hits: number;
  misses: number;
  groups: Groups;
  namedNodes: NamedNodes;
  response: Histogram;
  service: Histogram;
  firstByte: Histogram;
}

export function countAnswerer(to: Part, { node, servedBy }: Exchange): void {
  if (servedBy === null) to.nodes[node]! += 1;
  else to.servedBy.set(servedBy, (to.servedBy.get(servedBy) ?? 0) + 1);
}

export function createPart(part: Part['part'], order: LoadOrder): Part {
  return {
    part,
    ...zeros(),
    errors: {},
    statuses: new Uint32Array(STATUSES),
    examples: [],
    bad: new Float64Array(order.thresholdsMs.length),
    badByLateness: new Float64Array(order.thresholdsMs.length),
    nodes: new Uint32Array(order.nodes.length),
    servedBy: new Map(),
    groups: createGroups(order),
    namedNodes: createNamedNodes(order),
    response: createHistogram(),
    service: createHistogram(),
    firstByte: createHistogram(),
  };
}

/** What is counted in one number. */
type Numbers = { [Key in keyof Part as Part[Key] extends number ? Key : never]: number };

function zeros(): Numbers {
  return {
    hits: 0,
    misses: 0,
    arrived: 0,
    sent: 0,
    droppedTarget: 0,
    droppedGenerator: 0,
    answered: 0,
    good: 0,
    firstGoodMs: 0,
    lastGoodMs: 0,
    failed: 0,
    timedOut: 0,
    cutOff: 0,
    bytesIn: 0,
    bytesOut: 0,
  };
}

export function clear(part: Part): void {
  Object.assign(part, zeros());
  part.errors = {};
  part.statuses.fill(0);
  part.examples = [];
  part.bad.fill(0);
  part.badByLateness.fill(0);
  part.nodes.fill(0);
  part.servedBy.clear();
  clearHistogram(part.response);
  clearHistogram(part.service);
  clearHistogram(part.firstByte);
}

export function countError(part: Part, exchange: Exchange, kind: ErrorKind): void {
  part.errors[kind] = (part.errors[kind] ?? 0) + 1;
  noteExample(part.examples, exchange, kind);
}

export function hasAnything(part: Part): boolean {
  return (
    part.arrived + part.sent + part.droppedTarget + part.droppedGenerator > 0 ||
    part.response.total + part.service.total > 0
  );
}

export function toTickPart(part: Part, nodeIds: readonly string[]): TickPart {
  const { sent, droppedTarget, droppedGenerator, answered, good, failed, timedOut, cutOff } = part;
  const planned = sent + droppedTarget + droppedGenerator;
  const namedNodes = part.namedNodes.take();
  const nodes: Record<string, number> = Object.fromEntries(part.servedBy);
  for (const [index, id] of nodeIds.entries())
    if (part.nodes[index]! > 0) nodes[id] = (nodes[id] ?? 0) + part.nodes[index]!;
  return {
    part: part.part,
    counts: { planned, sent, droppedTarget, droppedGenerator, answered, good, failed, timedOut, cutOff },
    errors: part.errors,
    ...statusesOf(part.statuses),
    ...(part.examples.length > 0 ? { examples: part.examples } : {}),
    ...(good > 0 ? { goodBetweenMs: [part.firstGoodMs, part.lastGoodMs] } : {}),
    bad: [...part.bad],
    ...(part.badByLateness.some((late) => late > 0) ? { badByLateness: [...part.badByLateness] } : {}),
    responseTime: packHistogram(part.response),
    serviceTime: packHistogram(part.service),
    firstByte: packHistogram(part.firstByte),
    nodes,
    bytesIn: part.bytesIn,
    bytesOut: part.bytesOut,
    ...(part.groups.all.length > 0 ? { groups: takeGroups(part.groups) } : {}),
    ...(namedNodes === null ? {} : { namedNodes }),
    ...(part.hits + part.misses > 0 ? { cache: { hits: part.hits, misses: part.misses } } : {}),
  };
}
