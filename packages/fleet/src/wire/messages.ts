import type { LoadOrder } from '@hive/engine';
import type { Msg } from '@nats-io/transport-node';
import { z } from 'zod';
import { signWith, verifies } from '../keys/ed25519.js';
import type { Ask } from './asks.js';

/** How often the hub is heard during a run … */
export const BEAT_MS = 250;
/** … and how long after it was last heard a load generator stops sending. */
export const SILENCE_MS = 1_500;

/** What a load generator says of itself: the answer to a ping. */
export const helloSchema = z.object({
  /** Which ping it answers, and when it did: ms on the load generator's own monotonic clock. */
  hub: z.string(),
  n: z.number(),
  atMs: z.number(),
  /** What the next order must quote. */
  nonce: z.string(),
  version: z.string(),
  threads: z.number(),
  /** Its share of the load beside that of others. */
  weight: z.number().positive(),
  /** What `hive doctor` measured there, requests/s; null: nothing. */
  perSecond: z.number().positive().nullable().default(null),
  state: z.enum(['idle', 'busy']),
});
export type Hello = z.infer<typeof helloSchema>;

export const pingSchema = z.object({ hub: z.string(), n: z.number() });
export const ofRunSchema = z.object({ run: z.string() });
export const heardSchema = z.object({ run: z.string(), seq: z.number() });
export const readySchema = z.object({ run: z.string(), nonce: z.string() });
export const refusedSchema = z.object({ run: z.string(), error: z.unknown() });

/** An order as it crosses the wire: which addresses may be loaded, and what secrets are, the load generator knows itself. */
export type WireOrder = Omit<LoadOrder, 'allowTargets' | 'allowance'> & {
  /** What this load generator may send of what the session may still send. */
  allowed?: { maxRequests: number | null; maxBadRequests: number | null };
};

/** What the hub signs. */
export type Command =
  | { type: 'reserve'; bee: string; nonce: string; run: string; order: WireOrder }
  /** `startAtMs`: on the load generator's own monotonic clock. */
  | { type: 'start'; bee: string; nonce: string; run: string; startAtMs: number }
  /** A check: a few requests, beside whatever runs. */
  | { type: 'ask'; bee: string; nonce: string; ask: string; what: Ask };

const envelopeSchema = z.object({ command: z.string(), signature: z.string() });

/** A command with the hub's signature (Ed25519). */
export function signed(command: Command, hubSeed: string): Uint8Array {
  const text = JSON.stringify(command);
  const signature = Buffer.from(signWith(hubSeed, Buffer.from(text))).toString('base64');
  return Buffer.from(JSON.stringify({ command: text, signature }));
}

/** What the hub commands this load generator with a good nonce; null: it is not from the hub, for another, or was used before. */
export function commandOf(
  message: Msg,
  own: { hub: string; bee: string; isGood: (nonce: string) => boolean },
): Command | null {
  const envelope = read(envelopeSchema, message);
  if (envelope === null) return null;
  const { command: text, signature } = envelope;
  if (!verifies(own.hub, Buffer.from(text), Buffer.from(signature, 'base64'))) return null;
  const command = JSON.parse(text) as Command;
  return command.bee === own.bee && own.isGood(command.nonce) ? command : null;
}

/** Null: it is not what the schema says. */
export function read<Type>(schema: z.ZodType<Type>, message: Msg): Type | null {
  try {
    return schema.parse(message.json());
  } catch {
    return null;
  }
}

/** The monotonic clock of this machine, ms; the threads share it. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
