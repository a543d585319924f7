import { randomBytes } from 'node:crypto';
import { HiveError, type Regions } from '@hive/contract';
import type { Load, LoadOrder, Tick } from '@hive/engine';
import type { Msg } from '@nats-io/transport-node';
import { connectFleet, toBytes } from '../joining/connection.js';
import { startDesk } from '../joining/desk.js';
import type { Fleet } from '../joining/invite.js';
import { errorOf } from '../joining/membership.js';
import { hubJwt } from '../keys/fleet-keys.js';
import { beeSubject, idOf } from '../keys/subjects.js';
import { monotonicMs, read, readySchema, refusedSchema, signed } from '../wire/messages.js';
import { decodeFrame } from '../wire/tick-frames.js';
import type { Ask } from '../wire/asks.js';
import { startAsking, type AskedFrom } from './asking.js';
import { startHeart } from './heart.js';
import { startPresence, type Presence, type Present } from './presence.js';
import { followSwarm, partsOf, type OnLost, type Part, type Swarm } from './swarm.js';

const READY_MS = 5_000;
/** An order is sent again after this long: a load generator may have been connecting anew, and one that heard it follows it once. */
const AGAIN_MS = 250;
/** Figures of all load generators come at about the same time: what comes within this time, or of all of them, is confirmed in one write. */
const CONFIRM_MS = 20;
const LEAST_LEAD_MS = 500;
/** A run begins no sooner than this many of the longest round trip from now. */
const LEAD_TRIPS = 4;

/** Leads a fleet: lets load generators in, knows who is there, and has them send. */
export interface Hub {
  all(): Present[];
  /** Asks who is there now, instead of at the next second. */
  look(): Promise<void>;
  /** What one load generator of each region sees of a target: a check, which runs beside whatever else runs. */
  ask(regions: Regions, what: Ask): Promise<AskedFrom[]>;
  /** The load of all that are idle, or of those in some regions, by their shares. */
  load(regions: Regions, more?: { onLost?: OnLost | undefined }): Load;
  close(): Promise<void>;
}

interface Asked {
  regions: Regions;
  onLost: OnLost;
  signal: AbortSignal;
}

interface Reserving {
  parts: Part[];
  nonces: Map<string, string>;
  settle(error?: HiveError): void;
}

/** What tests set otherwise. */
interface HubOptions {
  tallyMs?: number;
  credentialSeconds?: number;
  version?: string;
}

/** Connects to the NATS server of a fleet. @throws HiveError as `connectFleet`. */
export async function startHub(fleet: Fleet, options: HubOptions = {}): Promise<Hub> {
  const { keys, roll, url } = fleet;
  const connection = await connectFleet({ url, name: 'hub', jwt: () => hubJwt(keys), seed: keys.hubSeed });
  const closeDesk = startDesk({ connection, keys, roll, ...options });
  const presence = startPresence({ connection, roll, ...options });
  const heart = await startHeart({ keys, url });
  const reserving = new Map<string, Reserving>();
  const swarms = new Map<string, Swarm>();
  const unconfirmed = new Map<string, { run: string; seq: number }>();
  let confirming: NodeJS.Timeout | undefined;

  const tell = (id: string, about: string, what: unknown): void => {
    if (!connection.isClosed()) connection.publish(beeSubject(id, about), toBytes(what));
  };

  const publish = (id: string, order: Uint8Array): void => {
    if (!connection.isClosed()) connection.publish(beeSubject(id, 'order'), order);
  };

  function hearReady(id: string, message: Msg): void {
    const ready = read(readySchema, message);
    const one = reserving.get(ready?.run ?? '');
    if (ready === null || one === undefined || !one.parts.some((part) => part.present.member.id === id)) return;
    one.nonces.set(id, ready.nonce);
    if (one.nonces.size === one.parts.length) one.settle();
  }

  function hearRefused(id: string, message: Msg): void {
    const refused = read(refusedSchema, message);
    const name = presence.all().find(({ member }) => member.id === id)?.member.name ?? id;
    const { code, message: text, hint } = errorOf(refused?.error);
    const error = new HiveError(code, `${name}: ${text}`, hint === undefined ? {} : { hint });
    const one = reserving.get(refused?.run ?? '');
    if (one?.parts.some((part) => part.present.member.id === id)) one.settle(error);
    swarms.get(refused?.run ?? '')?.failed(id, error);
  }

  function hearTick(id: string, message: Msg): void {
    const frame = decodeFrame(message.data);
    const swarm = frame === null ? undefined : swarms.get(frame.run);
    const seq = frame === null ? null : (swarm?.take(id, frame) ?? null);
    if (frame === null || swarm === undefined || seq === null) return;
    unconfirmed.set(id, { run: frame.run, seq });
    if (unconfirmed.size >= swarm.sending()) confirm();
    else confirming ??= setTimeout(confirm, CONFIRM_MS);
  }

  /** Of each its newest figures, and so all before them. */
  function confirm(): void {
    clearTimeout(confirming);
    confirming = undefined;
    for (const [id, heard] of unconfirmed) tell(id, 'heard', heard);
    unconfirmed.clear();
  }

  const listen = (about: string, hear: (id: string, message: Msg) => void): void => {
    connection.subscribe(beeSubject('*', about), {
      callback: (problem, message) => {
        const id = idOf(message.subject) ?? '';
        if (problem === null && !presence.isRevoked(id)) hear(id, message);
      },
    });
  };
  listen('ready', hearReady);
  listen('refused', hearRefused);
  listen('tick', hearTick);
  const ask = startAsking({ connection, hubSeed: keys.hubSeed, ...presence });
  await connection.flush();
  await presence.look();

  /** Reserves all of them, or none. @throws HiveError of the first that refuses, `fleet_unreachable` for one that does not get ready. */
  async function reserve(run: string, parts: Part[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const nonces = new Map<string, string>();
    const timers: NodeJS.Timeout[] = [];
    let cancel: () => void = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const settle = (error?: HiveError): void => (error === undefined ? resolve() : reject(error));
        reserving.set(run, { parts, nonces, settle });
        timers.push(setTimeout(() => settle(notReady(parts, nonces)), READY_MS));
        cancel = () => settle(new HiveError('aborted', 'stopped before it began'));
        signal.addEventListener('abort', cancel, { once: true });
        const orders = parts.map(({ present, order }): [string, Uint8Array] => {
          const { id } = present.member;
          const command = { type: 'reserve', bee: id, nonce: present.hello?.nonce ?? '', run, order } as const;
          return [id, signed(command, keys.hubSeed)];
        });
        const send = (): void => {
          for (const [id, order] of orders) if (!nonces.has(id)) publish(id, order);
        };
        send();
        timers.push(setInterval(send, AGAIN_MS));
      });
      return nonces;
    } finally {
      for (const timer of timers) clearInterval(timer);
      signal.removeEventListener('abort', cancel);
      reserving.delete(run);
    }
  }

  async function* run(order: LoadOrder, { regions, onLost, signal }: Asked): AsyncGenerator<Tick> {
    refuseLocal(order);
    const chosen = await chosenOf(presence, order, regions);
    const weights = weightsOf(chosen, regions);
    const parts = partsOf(order, chosen, weights);
    const id = randomBytes(8).toString('hex');
    const bees = parts.map(({ present }) => present.member.id);
    const tellAll = (about: string): void => bees.forEach((bee) => tell(bee, about, { run: id }));
    let swarm: Swarm | null = null;
    let again: NodeJS.Timeout | undefined;
    const tellStop = (only?: string): void => (only === undefined ? tellAll('stop') : tell(only, 'stop', { run: id }));
    const abort = (): void => swarm?.stop(true);
    heart.beat({ run: id, bees });
    try {
      // What is aborted before it begins ends as what began and was aborted at once.
      const nonces = await reserve(id, parts, new AbortController().signal);
      const startAtMs = monotonicMs() + leadOf(chosen);
      const starts = parts.map(({ present }): [string, Uint8Array] => {
        const bee = present.member.id;
        const at = startAtMs + present.offsetMs;
        const command = { type: 'start', bee, nonce: nonces.get(bee) ?? '', run: id, startAtMs: at } as const;
        return [bee, signed(command, keys.hubSeed)];
      });
      const start = (): void => starts.forEach(([bee, order]) => publish(bee, order));
      start();
      again = setTimeout(start, AGAIN_MS);
      swarm = followSwarm({ order, parts, startAtMs, onLost, tellStop, ...options });
      swarms.set(id, swarm);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      for (let tick = await swarm.ticks.next(); ; tick = await swarm.ticks.next()) {
        yield tick;
        if (tick.last) return;
      }
    } finally {
      clearTimeout(again);
      signal.removeEventListener('abort', abort);
      swarm?.close();
      swarms.delete(id);
      // The reader left, or one of them failed: none goes on sending.
      tellAll('done');
      heart.beat({ run: id, bees: [] });
    }
  }

  async function close(): Promise<void> {
    const closed = new HiveError('aborted', 'the fleet was closed during a run');
    for (const swarm of swarms.values()) swarm.ticks.fail(closed);
    for (const one of reserving.values()) one.settle(closed);
    clearTimeout(confirming);
    closeDesk();
    presence.close();
    await heart.close();
    await connection.close();
  }

  return {
    all: presence.all,
    look: async () => void (await presence.look()),
    ask,
    load: (regions, { onLost = 'abort' } = {}) => ({
      fillsIn: true,
      run: (order, signal) => run(order, { regions, onLost, signal }),
      close: async () => undefined,
    }),
    close,
  };
}

/** How long those that were busy a moment ago are waited for, and those of whom nothing new was heard. */
const IDLE_TRIES = 200;
const FRESH_TRIES = 60;
const TRY_MS = 25;
const LOOK_EVERY_TRIES = 4;

/** Who sends: all of the regions that are idle, at most one for each connection. @throws HiveError `fleet_unreachable` when nobody of one is. */
async function chosenOf(
  presence: Pick<Presence, 'all' | 'look'>,
  { arrivals }: LoadOrder,
  regions: Regions,
): Promise<Present[]> {
  const number = await presence.look();
  // What one said before its last run, it says no more: its number was used.
  const isFresh = ({ hello }: Present): boolean => hello !== null && hello.n >= number;
  const own = (): Present[] => presence.all().filter((one) => isOf(one, regions));
  const idleNow = (): Present[] => own().filter((one) => one.state === 'idle' && isFresh(one));
  const isAwaited = (one: Present): boolean => (one.state === 'idle' || one.state === 'busy') && !isFresh(one);
  for (let tries = 0; tries < IDLE_TRIES; tries++) {
    if (missingIn(idleNow(), regions).length === 0 && (tries >= FRESH_TRIES || !own().some(isAwaited))) break;
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
    if (tries % LOOK_EVERY_TRIES === LOOK_EVERY_TRIES - 1) await presence.look();
  }
  const idle = idleNow().toSorted((a, b) => (b.hello?.weight ?? 0) - (a.hello?.weight ?? 0));
  const missing = missingIn(idle, regions);
  if (missing.length > 0) throw nobodyIdle(missing, presence.all());
  const connections = arrivals.model === 'closed' ? arrivals.connections : arrivals.maxConnections;
  // With few connections, each region has one before another has two.
  const firsts = idle.filter((one, index) => idle.findIndex((other) => regionOf(other) === regionOf(one)) === index);
  const others = idle.filter((one) => !firsts.includes(one));
  return [...firsts, ...others].slice(0, Math.max(1, connections));
}

const regionOf = ({ member }: Present): string | null => member.region;

function isOf(one: Present, regions: Regions): boolean {
  return regions === 'all' || (regionOf(one) !== null && Object.hasOwn(regions, regionOf(one) ?? ''));
}

/** Of which regions nobody is there; one empty name where anybody would do. */
function missingIn(idle: readonly Present[], regions: Regions): string[] {
  if (regions === 'all') return idle.length > 0 ? [] : [''];
  return Object.keys(regions).filter((region) => !idle.some((one) => regionOf(one) === region));
}

function nobodyIdle(regions: readonly string[], all: readonly Present[]): HiveError {
  const states = all.map(({ member, state }) => `${member.name} ${state}`);
  const of = regions[0] === '' ? '' : ` of ${regions.join(', ')}`;
  return new HiveError('fleet_unreachable', `no load generator${of} is idle`, {
    hint: states.length === 0 ? 'invite one with hive fleet invite NAME' : `there are: ${states.join(', ')}`,
  });
}

/** Within a region by what each can send; the regions by their shares. */
function weightsOf(chosen: readonly Present[], regions: Regions): number[] {
  // Threads of machines of which one was measured and another was not cannot be compared with requests/s.
  const areMeasured = chosen.every(({ hello }) => hello?.perSecond != null);
  const own = ({ hello }: Present): number => (areMeasured ? hello?.perSecond : hello?.weight) ?? 1;
  if (regions === 'all') return chosen.map(own);
  return chosen.map((one) => {
    const region = regionOf(one) ?? '';
    const all = chosen.filter((other) => regionOf(other) === region).reduce((sum, other) => sum + own(other), 0);
    return ((regions[region] ?? 1) * own(one)) / all;
  });
}

function leadOf(chosen: readonly Present[]): number {
  return Math.max(LEAST_LEAD_MS, LEAD_TRIPS * Math.max(...chosen.map(({ worstTripMs }) => worstTripMs)));
}

function notReady(parts: readonly Part[], nonces: ReadonlyMap<string, string>): HiveError {
  const names = parts.filter(({ present }) => !nonces.has(present.member.id)).map(({ present }) => present.member.name);
  return new HiveError('fleet_unreachable', `${names.join(', ')} did not get ready within ${READY_MS / 1_000} s`, {
    hint: 'look at its own output; revoke it with hive fleet revoke where it is gone for good',
  });
}

/** @throws HiveError `validation` for what only the target's or this machine can do. */
function refuseLocal({ nodes }: LoadOrder): void {
  if (nodes.every(({ socket, via }) => socket === undefined && via === undefined)) return;
  throw new HiveError('validation', 'a Unix socket or a fault proxy cannot be reached from load generators elsewhere', {
    hint: 'run this kind of test with the load of this machine',
  });
}
