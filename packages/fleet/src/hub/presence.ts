import { randomBytes } from 'node:crypto';
import { HIVE_VERSION, type LoadGeneratorState } from '@hive/contract';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { toBytes } from '../joining/connection.js';
import type { Member, Roll } from '../joining/roll.js';
import { beeSubject, idOf } from '../keys/subjects.js';
import { helloSchema, monotonicMs, read, type Hello } from '../wire/messages.js';

const PING_MS = 1_000;
/** Of this many round trips the shortest says how the clocks differ. */
const TRIPS = 20;
/** Questions whose answers are still taken: before a run they are asked more often. */
const MOST_UNANSWERED = 100;
/** Not heard for this long, a load generator is stale. */
const STALE_MS = 3_500;

/** A load generator as the hub knows it. */
export interface Present {
  member: Member;
  state: LoadGeneratorState;
  /** The newest it said of itself; null: nothing yet. */
  hello: Hello | null;
  /** Its monotonic clock is ahead of the hub's by this much, ms. */
  offsetMs: number;
  /** The longest of the last round trips, ms. */
  worstTripMs: number;
}

/** Keeps up who is there, and how their clocks differ. */
export interface Presence {
  all(): Present[];
  /** Asked of each message: it costs next to nothing. */
  isRevoked(id: string): boolean;
  /** Asks who is there now. Returns the number of this question: answers to it and to later ones have no smaller one. */
  look(): Promise<number>;
  close(): void;
}

interface Seen {
  hello: Hello;
  heardAtMs: number;
  trips: { tripMs: number; offsetMs: number }[];
}

export function startPresence(from: { connection: NatsConnection; roll: Roll; version?: string }): Presence {
  const { connection, roll, version = HIVE_VERSION } = from;
  const hub = randomBytes(8).toString('hex');
  const seen = new Map<string, Seen>();
  const asked = new Map<number, number>();
  let members: Member[] = [];
  let revoked: ReadonlySet<string> = new Set();
  let n = 0;

  function hear(message: Msg): void {
    const heardAtMs = monotonicMs();
    const id = idOf(message.subject) ?? '';
    const hello = read(helloSchema, message);
    const askedAtMs = hello?.hub === hub ? asked.get(hello.n) : undefined;
    if (hello === null || askedAtMs === undefined || !members.some((one) => one.id === id && !one.revoked)) return;
    const trip = { tripMs: heardAtMs - askedAtMs, offsetMs: hello.atMs - (askedAtMs + heardAtMs) / 2 };
    const trips = [...(seen.get(id)?.trips ?? []), trip].slice(-TRIPS);
    seen.set(id, { hello, heardAtMs, trips });
  }

  async function look(): Promise<number> {
    members = await roll.members();
    revoked = new Set(members.flatMap((one) => (one.revoked ? [one.id] : [])));
    n += 1;
    const number = n;
    asked.set(number, monotonicMs());
    asked.delete(number - MOST_UNANSWERED);
    if (connection.isClosed()) return number;
    for (const { id, publicKey, revoked } of members)
      if (publicKey !== null && !revoked) connection.publish(beeSubject(id, 'ping'), toBytes({ hub, n: number }));
    return number;
  }

  function stateOf({ id, revoked }: Member): LoadGeneratorState {
    const one = seen.get(id);
    if (revoked) return 'revoked';
    if (one === undefined) return 'never_seen';
    if (monotonicMs() - one.heardAtMs > STALE_MS) return 'stale';
    return minorOf(one.hello.version) === minorOf(version) ? one.hello.state : 'incompatible';
  }

  const subscription = connection.subscribe(beeSubject('*', 'hello'), {
    callback: (problem, message) => {
      if (problem === null) hear(message);
    },
  });
  const pinging = setInterval(() => void look().catch(() => undefined), PING_MS);
  return {
    all: () =>
      members.map((member) => {
        const one = seen.get(member.id);
        const best = one?.trips.reduce((a, b) => (b.tripMs < a.tripMs ? b : a));
        return {
          member,
          state: stateOf(member),
          hello: one?.hello ?? null,
          offsetMs: best?.offsetMs ?? 0,
          worstTripMs: Math.max(0, ...(one?.trips ?? []).map(({ tripMs }) => tripMs)),
        };
      }),
    isRevoked: (id) => revoked.has(id),
    look,
    close() {
      clearInterval(pinging);
      subscription.unsubscribe();
    },
  };
}

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');
