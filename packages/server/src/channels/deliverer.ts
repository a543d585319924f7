import { newDeliveryId } from '@hive/contract';
import type { Clock } from '@hive/engine';
import type { Log } from '../log.js';
import type { ClaimedDelivery, Store, Tried } from '../store/store.js';
import { messageOf } from './message.js';
import { channelsFor } from './routing.js';
import { ANSWER_MS, type Sender, type Sent } from './sender.js';
import { whySilent } from './silence.js';

/** What belongs together is found within this time: a message waits for it. */
const GATHER_MS = 1_000;
/** How often what other servers left is looked at. */
const LOOK_MS = 15_000;
/** Longer than a try takes: who has not said by then how it ended was stopped. */
const LEASE_MS = 3 * ANSWER_MS;
/** The pauses between tries: when they are over it has failed. */
const PAUSES_MS = [5_000, 30_000];
const MOST_TRIES = PAUSES_MS.length + 1;
/** Who asks for a longer pause is not asked again. */
const LONGEST_PAUSE_MS = 3_600_000;
const AT_ONCE = 20;
const PLANNED_AT_ONCE = 200;
/** How a try ended is kept while nobody else takes it: the sum is within the lease. */
const KEEPING_TRIES = 8;
const KEEPING_PAUSE_MS = 2_000;
/** So long what is being sent may end while the server closes. */
export const SENDING_GRACE_MS = 1_500;

export interface Deliverer {
  /** Something has happened: looks at once. */
  kick(): void;
  close(): Promise<void>;
}

interface Parts {
  store: Store;
  clock: Clock;
  log: Log;
  send: Sender;
  /** Where the dashboard is. */
  publicUrl: string;
  /** Hears that a message about an incident was sent, or has failed. */
  onEnded: (incidentId: string) => Promise<void>;
}

/**
 * Tells channels of what happens to incidents: what is to be told is in the store, so that a restart forgets and repeats nothing, and of several
 * servers one sends it.
 */
export function createDeliverer(parts: Parts): Deliverer {
  const { store, clock, log } = parts;
  const over = new AbortController();
  const stopped = new AbortController();
  /** By its id: what is sent here is not begun again, even if the clock was set and its lease is over. */
  const sending = new Map<string, Promise<void>>();
  let wake = new AbortController();
  let kicked = false;

  const at = (ms = 0): Date => new Date(clock.wall() + ms);
  function kick(): void {
    kicked = true;
    wake.abort();
  }

  async function plan(): Promise<void> {
    for (;;) {
      const [channels, rules] = [await store.listChannels(), await store.listRules()];
      const routes = { channels, rules, nowMs: clock.wall() };
      const given = { at: at(), dueAt: at(GATHER_MS), newId: newDeliveryId, limit: PLANNED_AT_ONCE };
      const planned = await store.planDeliveries((event) => channelsFor(event, routes), given);
      if (planned < PLANNED_AT_ONCE) return;
    }
  }

  /** What is due is begun. Returns how long nothing will be, ms. */
  async function look(): Promise<number> {
    await plan();
    const limit = AT_ONCE - sending.size;
    // As soon as one has ended it looks again.
    if (limit <= 0) return LOOK_MS;
    const asked = { now: at(), leaseUntil: at(LEASE_MS), limit, besides: [...sending.keys()] };
    for (const claimed of await store.claimDeliveries(asked)) begin(claimed);
    const next = await store.nextDeliveryAt();
    const inMs = (next?.getTime() ?? Number.POSITIVE_INFINITY) - clock.wall();
    // What is due and was not given is being sent.
    return Math.min(LOOK_MS, inMs > 0 ? inMs : GATHER_MS);
  }

  function begin(claimed: ClaimedDelivery): void {
    const done = carryOut(claimed)
      .catch((error: unknown) => log.warn({ err: error, delivery: claimed.delivery.id }, 'a delivery was not kept'))
      .finally(() => {
        sending.delete(claimed.delivery.id);
        kick();
      });
    sending.set(claimed.delivery.id, done);
  }

  async function carryOut({ delivery, event }: ClaimedDelivery): Promise<void> {
    const { id, tries, incidentId } = delivery;
    const incident = await store.getIncident(incidentId);
    const channel = (await store.listChannels()).find((one) => one.id === delivery.channel);
    if (incident === null) return;
    const { machine: _machine, ...shown } = incident;
    const silent = whySilent({ event, incident: shown, channel, nowMs: clock.wall() });
    const ended = { nextAt: null, endedAt: at().toISOString(), answer: null };
    if (silent !== null || channel === undefined) {
      await keep(id, { ...ended, status: 'skipped', reason: silent });
    } else if (tries > MOST_TRIES) {
      await keep(id, { ...ended, status: 'failed', reason: 'Hive was stopped while it sent this' });
    } else {
      const { target, openedAt } = shown;
      const near = await store.listIncidents({ ...(target !== null && { target }), from: openedAt, limit: 100 });
      const together = near.filter(({ groupId }) => groupId === shown.id);
      const told = { delivery: id, event: event.type, at: event.at, incident: shown, together };
      const message = messageOf({ ...told, nowMs: clock.wall(), publicUrl: parts.publicUrl });
      const sent = await parts.send(channel, message, stopped.signal);
      const tried = triedOf(sent, { tries, nowMs: clock.wall(), stopped: stopped.signal.aborted });
      await keep(id, tried);
      const about = { delivery: id, channel: channel.id, incident: incidentId, event: event.type, tries };
      if (sent.ok) log.info(about, 'message sent');
      else log.warn({ ...about, reason: sent.problem, status: tried.status }, 'message not sent');
      if (tried.status === 'waiting') return;
    }
    await parts.onEnded(incidentId);
  }

  /** What was sent must not be sent again because the store was away for a moment. */
  async function keep(id: string, tried: Tried): Promise<void> {
    for (let left = KEEPING_TRIES; ; left -= 1) {
      try {
        return await store.endTry(id, tried);
      } catch (error) {
        if (left === 0 || stopped.signal.aborted) throw error;
        await clock.sleep(KEEPING_PAUSE_MS, stopped.signal);
      }
    }
  }

  async function keepLooking(): Promise<void> {
    while (!over.signal.aborted) {
      wake = new AbortController();
      kicked = false;
      const pauseMs = await look().catch((error: unknown) => {
        log.warn({ err: error }, 'messages could not be sent; it is tried again');
        return LOOK_MS;
      });
      if (!kicked) await clock.sleep(pauseMs, AbortSignal.any([wake.signal, over.signal]));
    }
  }
  const looking = keepLooking();

  return {
    kick,
    async close() {
      over.abort();
      await looking;
      const late = clock.sleep(SENDING_GRACE_MS, stopped.signal).then(() => stopped.abort());
      await Promise.all(sending.values());
      stopped.abort();
      await late;
    },
  };
}

/** What a try comes to. Pure. */
export function triedOf(
  { ok, status, problem, hint, waitMs, final }: Sent,
  { tries, nowMs, stopped }: { tries: number; nowMs: number; stopped: boolean },
): Tried {
  const answer = status;
  const endedAt = new Date(nowMs).toISOString();
  if (ok) return { status: 'sent', nextAt: null, endedAt, answer, reason: null };
  // Whoever opens the store next tries it again.
  if (stopped) return { status: 'waiting', nextAt: endedAt, endedAt: null, answer, reason: problem };
  const pauseMs = Math.max(PAUSES_MS[tries - 1] ?? 0, waitMs ?? 0);
  const reason = hint === null ? problem : `${problem}; ${hint}`;
  if (final || tries >= MOST_TRIES) return { status: 'failed', nextAt: null, endedAt, answer, reason };
  if (pauseMs > LONGEST_PAUSE_MS)
    return {
      status: 'failed',
      nextAt: null,
      endedAt,
      answer,
      reason: `${reason}, and asks to wait longer than an hour`,
    };
  return { status: 'waiting', nextAt: new Date(nowMs + pauseMs).toISOString(), endedAt: null, answer, reason };
}
