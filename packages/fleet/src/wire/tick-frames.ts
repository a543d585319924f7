import { ERROR_KINDS } from '@hive/contract';
import type { Tick } from '@hive/engine';
import {
  count,
  flag,
  histogram,
  integer,
  listOf,
  looseObject,
  number,
  object,
  oneOf,
  optional,
  orNull,
  recordOf,
  textUpTo,
} from './figure-readers.js';

/** One tick of one load generator on its way to the hub. */
export interface TickFrame {
  run: string;
  /** Grows by one per frame of a run, from 1. */
  seq: number;
  /** How much later than it was told the load generator began, ms. */
  lateMs: number;
  tick: Tick;
}

const HEAD_BYTES = 4;
/** Stands in the head for a histogram that follows it. */
const PLACE = '$bytes';

const group = looseObject({
  planned: count,
  good: count,
  failed: count,
  droppedGenerator: count,
  bad: listOf(count),
  badByLateness: listOf(count),
  responseTime: histogram,
  serviceTime: histogram,
  firstByte: optional(histogram),
});
/** More than a load generator ever tells of one text. */
const text = textUpTo(1_000);
const example = object({
  kind: oneOf(ERROR_KINDS),
  code: text,
  inWords: orNull(text),
  came: orNull(text),
  requestClass: integer,
  node: integer,
  count,
});
const part = looseObject({
  part: oneOf(['warmup', 'judged']),
  spanMs: optional(number),
  arrived: optional(count),
  counts: object({
    planned: count,
    sent: count,
    droppedTarget: count,
    droppedGenerator: count,
    answered: count,
    good: count,
    failed: count,
    timedOut: count,
    cutOff: count,
  }),
  errors: recordOf(number),
  statuses: optional(recordOf(number)),
  examples: optional(listOf(example, 50)),
  bad: listOf(count),
  badByLateness: optional(listOf(count)),
  responseTime: histogram,
  serviceTime: histogram,
  firstByte: optional(histogram),
  nodes: recordOf(number),
  bytesIn: count,
  bytesOut: count,
  groups: optional(listOf(group)),
  namedNodes: optional(recordOf(group)),
});
const readFrame = object({
  run: textUpTo(1_000),
  seq: count,
  lateMs: number,
  tick: looseObject({
    fromMs: number,
    toMs: number,
    phase: oneOf(['warmup', 'judged', 'grace']),
    parts: listOf(part, 2),
    connections: count,
    peakConnections: count,
    outstanding: count,
    waiting: count,
    health: looseObject({ lateness: histogram, busy: number, openAgesMs: number }),
    last: flag,
  }),
});

/** A small JSON head, its length before it, and the histograms behind it. */
export function encodeFrame(frame: TickFrame): Uint8Array {
  const histograms: Uint8Array[] = [];
  const head = JSON.stringify(frame, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    histograms.push(value);
    return { [PLACE]: value.byteLength };
  });
  const text = Buffer.from(head);
  const length = Buffer.alloc(HEAD_BYTES);
  length.writeUInt32LE(text.byteLength);
  return Buffer.concat([length, text, ...histograms]);
}

/** Null: it is none. Load generators are other machines: what they send is checked. */
export function decodeFrame(data: Uint8Array): TickFrame | null {
  try {
    const whole = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const headEnd = HEAD_BYTES + whole.readUInt32LE(0);
    const head: unknown = JSON.parse(whole.subarray(HEAD_BYTES, headEnd).toString());
    return readFrame(withHistograms(head, { whole, at: headEnd })) as TickFrame;
  } catch {
    return null;
  }
}

/** Puts the histograms in their places, in the order in which they were taken out. */
function withHistograms(value: unknown, from: { whole: Buffer; at: number }): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => withHistograms(one, from));
  const length = (value as Record<string, unknown>)[PLACE];
  if (typeof length === 'number') {
    const end = from.at + length;
    if (end > from.whole.byteLength || length < 0) throw new RangeError('a histogram is missing');
    const histogram = new Uint8Array(from.whole.subarray(from.at, end));
    from.at = end;
    return histogram;
  }
  const result: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    if (name === '__proto__') throw new RangeError('a name that no figure has');
    result[name] = withHistograms(one, from);
  }
  return result;
}
