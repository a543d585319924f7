import { HiveError } from '@hive/contract';
import { STREAMS, type Stream, type Toxic } from './toxic.js';
import { bandwidth } from './toxics/bandwidth.js';
import { httpSlowHeaders } from './toxics/http-slow-headers.js';
import { httpStatus } from './toxics/http-status.js';
import { latency } from './toxics/latency.js';
import { limitData } from './toxics/limit-data.js';
import { resetPeer } from './toxics/reset-peer.js';
import { slicer } from './toxics/slicer.js';
import { slowClose } from './toxics/slow-close.js';
import { timeout } from './toxics/timeout.js';

const TOXICS: readonly Toxic[] = [
  latency,
  bandwidth,
  slowClose,
  timeout,
  resetPeer,
  slicer,
  limitData,
  httpStatus,
  httpSlowHeaders,
];
const BY_TYPE: ReadonlyMap<string, Toxic> = new Map(TOXICS.map((entry) => [entry.type, entry]));

/** The types that {@link parseToxic} knows. */
export const TOXIC_TYPES: readonly string[] = TOXICS.map((entry) => entry.type);

/** A fault as Toxiproxy describes it. */
export interface ToxicSpec {
  name: string;
  type: string;
  stream: Stream;
  /** The chance that a connection is hit, 0–1. */
  toxicity: number;
  attributes: Record<string, number>;
}

/** What may be left out: a name (`<type>_<stream>`), the stream (`downstream`), the toxicity (1), attributes (their defaults). */
export type ToxicInput = Pick<ToxicSpec, 'type'> & Partial<ToxicSpec>;

/** The definition behind a spec that was parsed. */
export function toxicOf(spec: ToxicSpec): Toxic {
  return BY_TYPE.get(spec.type) as Toxic;
}

/**
 * Checks a new fault and fills in what was left out. The messages begin as Toxiproxy's do.
 * @throws HiveError `validation`.
 */
export function parseToxic(input: unknown): ToxicSpec {
  const given = fields(input);
  const streamText = (text(given, 'stream') || 'downstream').toLowerCase();
  const stream = STREAMS.find((known) => known === streamText);
  if (!stream) throw new HiveError('validation', 'stream was invalid, can be either upstream or downstream');
  const type = text(given, 'type');
  const definition = BY_TYPE.get(type);
  if (!definition) {
    throw new HiveError('validation', 'invalid toxic type', { hint: `use one of ${TOXIC_TYPES.join(', ')}` });
  }
  if (definition.only && definition.only !== stream) {
    throw new HiveError('validation', `stream was invalid, ${type} can be ${definition.only} only`);
  }
  return {
    name: text(given, 'name') || `${type}_${stream}`,
    type,
    stream,
    toxicity: toxicity(given, 1),
    attributes: attributes(definition, given['attributes'], definition.attributes),
  };
}

/**
 * The spec with the toxicity and the attributes that an update names.
 * @throws HiveError `validation`.
 */
export function parseToxicUpdate(spec: ToxicSpec, input: unknown): ToxicSpec {
  const given = fields(input);
  return {
    ...spec,
    toxicity: toxicity(given, spec.toxicity),
    attributes: attributes(toxicOf(spec), given['attributes'], spec.attributes),
  };
}

/**
 * The fields of an object that came from outside.
 * @throws HiveError `validation` when it is none.
 */
export function fields(input: unknown): Record<string, unknown> {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>;
  throw badBody('expected an object');
}

/** A text field; empty when it is absent. */
export function text(given: Record<string, unknown>, name: string): string {
  const value = given[name] ?? '';
  if (typeof value === 'string') return value;
  throw badBody(`${name} must be a string`);
}

/** An error about what was sent, in Toxiproxy's words. */
export function badBody(why: string): HiveError {
  return new HiveError('validation', `bad request body: ${why}`);
}

function toxicity(given: Record<string, unknown>, otherwise: number): number {
  const value = given['toxicity'] ?? otherwise;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw badBody('toxicity must be a number from 0 to 1');
}

function attributes(definition: Toxic, input: unknown, otherwise: Readonly<Record<string, number>>) {
  const given = fields(input ?? {});
  const values: Record<string, number> = {};
  for (const name of Object.keys(definition.attributes)) {
    const value = given[name] ?? otherwise[name];
    if (!Number.isSafeInteger(value)) throw badBody(`attributes.${name} must be a whole number`);
    values[name] = value as number;
  }
  const wrong = definition.check?.(values);
  if (wrong) throw badBody(`attributes.${wrong}`);
  return values;
}
