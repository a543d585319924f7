/** Called for each message of a topic, in order of `seq`. Must not block and must not throw. */
export type OnMessage = (seq: number, payload: string) => void;

export interface Subscription {
  /** seq of the newest message at the moment of subscribing, 0 when there was none. */
  readonly newest: number;
  close(): Promise<void>;
}

export interface Lock {
  /** Extends the lease. False when the lock was lost. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * What instances of the server share: an ordered, replayable stream of messages, a cache and locks. In-process, or on Redis.
 * Each topic numbers its messages 1, 2, 3 …, and holds the newest ones for replay.
 */
export interface Bus {
  /**
   * Appends a message and delivers it to every subscriber. Returns its seq. A message that cannot be published gets its number all the same,
   * as soon as one can: subscribers hear of a gap. It may still have arrived.
   */
  publish(topic: string, payload: string): Promise<number>;
  /**
   * Delivers what is still held after `since`, then what comes; without `since` only what comes. When messages after
   * `since` are no longer held, or `since` lies in the future (another life of the stream), `onGap(from, to)` is called first,
   * both inclusive.
   */
  subscribe(
    topic: string,
    onMessage: OnMessage,
    options?: { since?: number; onGap?: (from: number, to: number) => void },
  ): Promise<Subscription>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Takes a named lock for `ttlMs`, or null when another holds it. */
  lock(name: string, ttlMs: number): Promise<Lock | null>;
  /** Throws HiveError `bus_unreachable` when it cannot serve. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How many messages of a topic are held for replay. */
export const HELD_MESSAGES = 2_000;
