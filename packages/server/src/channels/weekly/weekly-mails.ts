import { toHiveError } from '@hive/contract';
import type { Clock } from '@hive/engine';
import type { Log } from '../../log.js';
import type { StoredChannel } from '../../store/store.js';
import { triedOf } from '../deliverer.js';
import type { MailSender, Sent } from '../sender.js';
import { letterOf, type Letter } from './letter.js';
import { weekNews, type WeekParts } from './week-news.js';
import { weekOwed, weekUntil } from './week.js';

const LOOK_MS = 60_000;
const KEEPING_PAUSE_MS = 5_000;

type Composed = Letter & { messageId: string };

export interface WeeklyMailParts extends WeekParts {
  clock: Clock;
  log: Log;
  sendMail: MailSender;
  /** Where the dashboard is. */
  publicUrl: string;
}

/**
 * Sends the weekly mails of channels that ask for them. Each try is claimed in the store before it is made: of several servers one makes it, and
 * one that was stopped in the middle is not repeated, because nobody can tell whether the mail has left.
 */
export function createWeeklyMails(parts: WeeklyMailParts): { close(): Promise<void> } {
  const { store, clock, log } = parts;
  const over = new AbortController();

  async function look(): Promise<void> {
    for (const channel of await store.listChannels()) {
      const dueMs = weekOwed(channel, clock.wall());
      if (dueMs === null || !isMail(channel) || over.signal.aborted) continue;
      const dueAt = new Date(dueMs);
      const tries = await store.claimWeeklyMail(channel.id, { dueAt, now: new Date(clock.wall()) });
      if (tries !== null) await carryOut(channel, dueMs, tries);
    }
  }

  async function carryOut(channel: StoredChannel & { type: 'email' }, dueMs: number, tries: number): Promise<void> {
    const about = { channel: channel.id, tries };
    const letter = await compose(channel, dueMs);
    const sent = 'problem' in letter ? letter : await parts.sendMail(channel, letter, over.signal);
    const { status, nextAt, endedAt, reason } = triedOf(sent, { tries, nowMs: clock.wall(), stopped: false });
    if (sent.ok) log.info(about, 'weekly mail sent');
    else log.warn({ ...about, reason, status }, 'weekly mail not sent');
    const again = nextAt === null || ('subject' in letter && over.signal.aborted) ? null : new Date(nextAt);
    // Whether a mail that was broken off has left is not known: it is not sent again, and has not failed.
    const unknown = again === null && endedAt === null;
    await keep(channel.id, new Date(dueMs), {
      nextAt: again,
      endedAt: endedAt === null ? null : new Date(endedAt),
      problem: unknown ? null : reason,
    });
  }

  /** The mail, or why there is none: nothing was sent, so that it may be tried again. */
  async function compose(channel: StoredChannel, dueMs: number): Promise<Composed | Sent> {
    try {
      const letter = letterOf(await weekNews(channel, weekUntil(dueMs), parts), parts.publicUrl);
      over.signal.throwIfAborted();
      return { ...letter, messageId: `week-${channel.id}-${new Date(dueMs).toISOString().slice(0, 10)}` };
    } catch (error) {
      log.warn({ err: error, channel: channel.id }, 'a weekly mail could not be written');
      const problem = `the mail could not be written: ${toHiveError(error).message}`;
      return { ok: false, status: null, body: null, problem, hint: null, waitMs: LOOK_MS, final: false };
    }
  }

  /** A try of which the store does not hear would be the last one of its week: the store may be away for a while. */
  async function keep(...ended: Parameters<WeekParts['store']['endWeeklyTry']>): Promise<void> {
    for (;;) {
      try {
        return await store.endWeeklyTry(...ended);
      } catch (error) {
        if (over.signal.aborted) throw error;
        log.warn({ err: error, channel: ended[0] }, 'how a weekly mail ended was not kept; it is tried again');
        await clock.sleep(KEEPING_PAUSE_MS, over.signal);
      }
    }
  }

  async function keepLooking(): Promise<void> {
    while (!over.signal.aborted) {
      await look().catch((error: unknown) => log.warn({ err: error }, 'weekly mails could not be sent'));
      await clock.sleep(LOOK_MS, over.signal);
    }
  }
  const looking = keepLooking();
  return {
    async close() {
      over.abort();
      await looking;
    },
  };
}

function isMail(channel: StoredChannel): channel is StoredChannel & { type: 'email' } {
  return channel.type === 'email';
}
