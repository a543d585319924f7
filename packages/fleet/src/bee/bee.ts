import { randomBytes } from 'node:crypto';
import { HIVE_VERSION, toHiveError } from '@hive/contract';
import {
  createThreadLoad,
  hidingSecrets,
  newAllowance,
  readTls,
  resolveSecrets,
  type Environment,
  type LoadOrder,
  type PreparedLoad,
  type Tick,
} from '@hive/engine';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { connectFleet, toBytes } from '../joining/connection.js';
import type { Membership } from '../joining/membership.js';
import { beeSubject } from '../keys/subjects.js';
import {
  commandOf,
  heardSchema,
  monotonicMs,
  ofRunSchema,
  pingSchema,
  read,
  SILENCE_MS,
  type Command,
  type WireOrder,
} from '../wire/messages.js';
import { startAnswering } from './answering.js';
import { createOutbox, type Outbox } from './outbox.js';
import { checkCaps, withinRate, type Caps } from './refusals.js';
import { keepRenewed } from './renewing.js';

/** How often silence is looked for. */
const LOOK_MS = 50;
const RESEND_MS = 500;
/** How long a load generator that was cut off keeps its tally for the hub. */
const KEEP_TALLY_MS = 10_000;

export interface BeeOptions {
  membership: Membership;
  threads: number;
  /** Addresses beyond loopback that this machine may load. */
  allowTargets: readonly string[];
  /** What `${NAME}` in requests may be filled from. */
  environment: Environment;
  caps: Caps;
  /** Its share of the load beside others; absent: its threads. */
  weight?: number;
  /** The most that this machine can send, requests/s; absent: it was not measured. */
  perSecond?: number | null;
  version?: string;
  /** A credential was renewed. */
  keep?(membership: Membership): void;
  log?(text: string): void;
}

/** A load generator that follows the hub of its fleet. */
export interface Bee {
  connection: NatsConnection;
  /** Ends once nothing runs: a run under way is finished first. */
  drain(): Promise<void>;
  /** Ends at once. */
  close(): Promise<void>;
}

/** One run, from its reservation to the confirmation of its last tick. */
interface Run {
  id: string;
  aborting: AbortController;
  prepared: PreparedLoad | null;
  /** Makes ticks fit to leave this machine. */
  hidden(tick: Tick): Tick;
  outbox: Outbox | null;
  heardAtMs: number;
  /** Its threads get ready. */
  preparing: boolean;
  /** The hub wants nothing more of it. */
  done: boolean;
}

/** Connects a member to its fleet and answers the hub until it is closed. @throws HiveError as `connectFleet`. */
export async function startBee(options: BeeOptions): Promise<Bee> {
  const { threads, caps, environment, allowTargets, weight = threads, perSecond = null } = options;
  const { version = HIVE_VERSION } = options;
  const log = options.log ?? (() => undefined);
  let { membership } = options;
  const { id, hub } = membership;
  const load = createThreadLoad({ threads });
  const connection = await connectFleet({
    url: membership.url,
    name: membership.name,
    jwt: () => membership.jwt,
    seed: membership.seed,
    inbox: beeSubject(id, 'inbox'),
  });
  let nonce = newNonce();
  let run: Run | null = null;
  let draining = false;
  let idle: (() => void) | null = null;

  const publish = (about: string, bytes: Uint8Array): void => {
    if (!connection.isClosed()) connection.publish(beeSubject(id, about), bytes);
  };
  const say = (about: string, what: unknown): void => publish(about, toBytes(what));

  function hello(message: Msg): void {
    const ping = read(pingSchema, message);
    if (ping === null) return;
    const state = run === null && !draining ? 'idle' : 'busy';
    say('hello', { ...ping, atMs: monotonicMs(), nonce, version, threads, weight, perSecond, state });
  }

  function obey(message: Msg): void {
    const command = commandOf(message, { hub, bee: id, isGood: (quoted) => quoted === nonce });
    if (command === null || command.type === 'ask') return;
    // A nonce is good once, whatever comes of it.
    nonce = newNonce();
    if (command.type === 'start') return start(command);
    void reserve(command);
  }

  async function reserve({ run: runId, order }: Extract<Command, { type: 'reserve' }>): Promise<void> {
    if (run !== null || draining) return refuse(runId, new Error('this load generator is busy'));
    const own: Run = {
      id: runId,
      aborting: new AbortController(),
      prepared: null,
      outbox: null,
      hidden: hidingSecrets(order, environment),
      heardAtMs: monotonicMs(),
      preparing: true,
      done: false,
    };
    run = own;
    try {
      checkCaps(order, caps);
      own.prepared = await load.prepare(ownOrder(order));
      own.preparing = false;
      if (run === own) say('ready', { run: runId, nonce });
    } catch (error) {
      if (run === own) release();
      refuse(runId, error);
    }
  }

  /** The order as this machine may run it: by its own rules, with its own secrets. */
  function ownOrder(order: WireOrder): LoadOrder {
    const { allowed, ...rest } = withinRate(order, caps);
    const allowance = allowed === undefined ? null : newAllowance(allowed);
    const tls = readTls(order.tls, environment);
    return resolveSecrets(
      {
        ...rest,
        allowTargets: [...allowTargets],
        ...(tls === undefined ? {} : { tls }),
        ...(allowance === null ? {} : { allowance }),
      },
      environment,
    );
  }

  function refuse(runId: string, error: unknown): void {
    const known = toHiveError(error);
    log(`refused an order: ${known.message}`);
    say('refused', { run: runId, error: known.toBody() });
  }

  function start({ run: runId, startAtMs }: Extract<Command, { type: 'start' }>): void {
    if (run?.id !== runId || run.prepared === null || run.outbox !== null) return;
    const own = run;
    const lateMs = Math.max(0, monotonicMs() - startAtMs);
    own.outbox = createOutbox({ run: runId, lateMs }, (frame) => publish('tick', frame));
    log(`run ${runId} begins`);
    void send(own, own.outbox, BigInt(Math.round(startAtMs * 1e6)));
  }

  async function send(own: Run, outbox: Outbox, startAtNs: bigint): Promise<void> {
    try {
      for await (const tick of own.prepared!.start(startAtNs, own.aborting.signal)) outbox.push(own.hidden(tick));
    } catch (error) {
      refuse(own.id, error);
      own.outbox = null;
    }
    own.prepared = null;
    log(`run ${own.id} ended`);
    settle();
  }

  /** A run is over when its last tick arrived, or nobody asked for it for long enough. */
  function settle(): void {
    if (run === null || run.preparing || run.prepared !== null) return;
    const gone = monotonicMs() - run.heardAtMs > KEEP_TALLY_MS;
    if (run.outbox === null || run.outbox.isEmpty() || run.done || gone) release();
  }

  function release(): void {
    run = null;
    idle?.();
  }

  function look(): void {
    if (run === null) return;
    const silentMs = monotonicMs() - run.heardAtMs;
    if (silentMs > SILENCE_MS && !run.aborting.signal.aborted) {
      log(`the hub has been silent for ${Math.round(silentMs)} ms: stops`);
      stop();
    }
    settle();
  }

  function stop(): void {
    if (run === null) return;
    run.aborting.abort();
    // Nothing was begun: there is nothing to end.
    if (run.outbox === null) release();
  }

  function finish(): void {
    if (run === null) return;
    run.done = true;
    stop();
    settle();
  }

  const ofThisRun = (act: () => void) => (message: Msg) => {
    const told = read(ofRunSchema, message);
    if (run === null || told?.run !== run.id) return;
    run.heardAtMs = monotonicMs();
    act();
  };

  function confirm(message: Msg): void {
    const heard = read(heardSchema, message);
    if (heard === null || heard.run !== run?.id) return;
    run.outbox?.confirm(heard.seq);
    settle();
  }

  const listen = (about: string, act: (message: Msg) => void): void => {
    connection.subscribe(beeSubject(id, about), {
      callback: (problem, message) => {
        if (problem === null) act(message);
      },
    });
  };
  listen('ping', hello);
  listen('order', obey);
  listen('beat', ofThisRun(onlyHeard));
  listen('stop', ofThisRun(stop));
  listen('done', ofThisRun(finish));
  listen('heard', confirm);
  const endAnswering = startAnswering({ id, hub, allowTargets, environment, listen, say, log });
  await connection.flush();

  const endRenewing = keepRenewed({
    connection,
    membership: () => membership,
    isBusy: () => run !== null,
    take(newer) {
      membership = newer;
      options.keep?.(newer);
    },
    log,
  });
  const timers = [setInterval(look, LOOK_MS), setInterval(() => run?.outbox?.resend(), RESEND_MS)];

  async function close(): Promise<void> {
    for (const timer of timers) clearInterval(timer);
    endRenewing();
    endAnswering();
    run?.aborting.abort();
    run = null;
    await load.close();
    await connection.close();
  }

  return {
    connection,
    async drain() {
      draining = true;
      if (run !== null) await new Promise<void>((resolve) => (idle = resolve));
      await close();
    },
    close,
  };
}

const onlyHeard = (): void => undefined;
const newNonce = (): string => randomBytes(16).toString('hex');
