import { createHash } from 'node:crypto';
import type { Bus } from '../bus/bus.js';

/** Longer than people look at one page; what is asked for again is remembered anew. */
const REMEMBERED_MS = 6 * 3_600_000;

const BRIEFLY_MS = 60_000;

interface Recalled<Value> {
  cache: Pick<Bus, 'get' | 'set'>;
  from: unknown;
  make: (() => Promise<Value>) | undefined;
  forMs: number;
}

/** What is being made now, by cache and key: whoever asks meanwhile waits for the same. */
const making = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * What was made before from the same `from`, else what `make` makes now; without it null. A cache that does not answer remembers nothing: what is
 * in it is never the truth.
 */
export function remembered<Value>(cache: Pick<Bus, 'get' | 'set'>, from: unknown): Promise<Value | null>;
export function remembered<Value>(
  cache: Pick<Bus, 'get' | 'set'>,
  from: unknown,
  make: () => Promise<Value>,
): Promise<Value>;
export async function remembered<Value>(
  cache: Pick<Bus, 'get' | 'set'>,
  from: unknown,
  make?: () => Promise<Value>,
): Promise<Value | null> {
  return recall({ cache, from, make, forMs: REMEMBERED_MS });
}

/** As {@link remembered}, for a minute: what soon is another. */
export async function rememberedBriefly<Value>(
  cache: Pick<Bus, 'get' | 'set'>,
  from: unknown,
  make: () => Promise<Value>,
): Promise<Value> {
  return (await recall({ cache, from, make, forMs: BRIEFLY_MS })) as Value;
}

async function recall<Value>({ cache, from, make, forMs }: Recalled<Value>): Promise<Value | null> {
  const key = `made:${createHash('sha256').update(JSON.stringify(from)).digest('hex')}`;
  const known = await cache.get(key).catch(() => null);
  if (known !== null) return JSON.parse(known) as Value;
  if (make === undefined) return null;
  const own = making.get(cache) ?? new Map<string, Promise<unknown>>();
  making.set(cache, own);
  const under = own.get(key) as Promise<Value> | undefined;
  if (under !== undefined) return under;
  const made = make();
  own.set(key, made);
  try {
    const value = await made;
    await cache.set(key, JSON.stringify(value), forMs).catch(() => undefined);
    return value;
  } finally {
    own.delete(key);
  }
}
