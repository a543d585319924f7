import { HiveError, toHiveError, type ChannelType } from '@hive/contract';
import { createMask, type Clock, type Mask } from '@hive/engine';
import type { StoredChannel } from '../store/store.js';
import type { Answer, Channeling, ChannelSettings, Mailed, Outside } from './channel-type.js';
import { CHANNELINGS } from './channel-types.js';
import { mail, type MailPlace } from './mail.js';
import type { Message } from './message.js';
import { post } from './post.js';
import { openSettings, type Opening } from './settings.js';
import { envelopeOf } from './types/email.js';

/** So long the other side has to answer, all together. */
export const ANSWER_MS = 10_000;

/** What became of one try. */
export interface Sent {
  ok: boolean;
  status: number | null;
  body: string | null;
  problem: string | null;
  hint: string | null;
  /** How long the other side asks to wait, ms. */
  waitMs: number | null;
  /** No other try could end differently: nothing was dialled. */
  final: boolean;
}

export interface SenderParts extends Opening, MailPlace {
  clock: Clock;
}

/** Sends a message to a channel once. Never throws for what is wrong with the channel or the other side. */
export type Sender = (channel: StoredChannel, message: Message, signal: AbortSignal) => Promise<Sent>;

export function createSender(parts: SenderParts): Sender {
  return (channel, message, signal) => {
    const { send } = CHANNELINGS[channel.type] as Channeling<ChannelSettings[ChannelType]>;
    return sendOnce(parts, { channel, signal }, (settings, outside) => send(settings, message, outside));
  };
}

/** Sends a mail that is about no incident, likewise. */
export type MailSender = (
  channel: StoredChannel & { type: 'email' },
  mailed: Pick<Mailed, 'subject' | 'text' | 'html' | 'messageId'>,
  signal: AbortSignal,
) => Promise<Sent>;

export function createMailSender(parts: SenderParts): MailSender {
  return (channel, mailed, signal) =>
    sendOnce(parts, { channel, signal }, (settings, outside) => outside.mail({ ...envelopeOf(settings), ...mailed }));
}

async function sendOnce<Type extends ChannelType>(
  parts: SenderParts,
  { channel, signal }: { channel: StoredChannel & { type: Type }; signal: AbortSignal },
  send: (settings: ChannelSettings[Type], outside: Outside) => Promise<Answer>,
): Promise<Sent> {
  let mask: Mask = (text) => text;
  try {
    const { settings, secret } = await openSettings(channel, parts);
    mask = createMask({ requests: [] }, {}, secret);
    const answer = await within(parts.clock, signal, (over) => send(settings, outsideOf(parts, over)));
    return sentOf(answer, mask, parts.clock.wall());
  } catch (error) {
    return unsent(error, mask);
  }
}

function outsideOf(parts: SenderParts, signal: AbortSignal): Outside {
  return {
    post: (posted) => post(posted, parts.allowChannels, signal),
    mail: (mailed) => mail(mailed, parts),
    now: () => parts.clock.wall(),
  };
}

/** Ends what takes too long. */
async function within<Result>(
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const [over, done] = [new AbortController(), new AbortController()];
  const late = clock.sleep(ANSWER_MS, AbortSignal.any([done.signal, signal])).then(() => {
    over.abort();
    throw new HiveError(
      'target_unreachable',
      signal.aborted ? 'Hive was stopped' : `no answer within ${ANSWER_MS / 1_000} s`,
    );
  });
  late.catch(() => undefined);
  try {
    const working = work(over.signal);
    working.catch(() => undefined);
    return await Promise.race([working, late]);
  } finally {
    done.abort();
  }
}

function sentOf({ status, body, retryAfter, problem }: Answer, mask: Mask, nowMs: number): Sent {
  const ok = problem === undefined && status >= 200 && status < 300;
  const refused = problem ?? `it answered ${status}`;
  return {
    ok,
    status,
    body: body === '' ? null : mask(body),
    problem: ok ? null : mask(refused),
    hint: null,
    waitMs: ok ? null : waitOf(retryAfter, nowMs),
    final: false,
  };
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function waitOf(retryAfter: string | undefined, nowMs: number): number | null {
  if (retryAfter === undefined) return null;
  const ms = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

function unsent(error: unknown, mask: Mask): Sent {
  const { code, message, hint } = toHiveError(error);
  const network = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return {
    ok: false,
    status: null,
    body: null,
    problem: mask(WORDS[network] ?? message),
    hint: hint ?? null,
    waitMs: null,
    final: code === 'refused_by_safety' || code === 'validation',
  };
}
