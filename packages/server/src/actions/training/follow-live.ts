import type { TrainingStatus } from '@hive/contract';
import type { Bus } from '../../bus/bus.js';
import { demand } from '../../identity/principal.js';
import { decodeNews, LIVE_TOPIC, type Addressing } from '../../sessions/live-topic.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Verb } from '../verb.js';

export interface LiveReader {
  /** Replays what is still held after this seq, then continues. */
  since?: number | undefined;
  /** `body` is the message but for its `v` and `seq`, as JSON text. Must not block. */
  onMessage(seq: number, addressing: Addressing, body: string): void;
  /** These are no longer held; both inclusive. */
  onGap(from: number, to: number): void;
}

/** A feed that is followed: how it stood at the beginning, and how to leave it. */
export interface Following {
  version: string;
  newest: number;
  status: TrainingStatus;
  close(): Promise<void>;
}

/** Follows the live feed. Messages may come before the promise resolves. */
export function followLive(parts: { bus: Bus; runner: SessionRunner; version: string }): Verb<LiveReader, Following> {
  const { bus, runner, version } = parts;
  const decode = createDecoder();
  return async (actor, reader) => {
    demand(actor, 'read');
    const status = await runner.status();
    const subscription = await bus.subscribe(
      LIVE_TOPIC,
      (seq, payload) => {
        const { addressing, body } = decode(payload);
        reader.onMessage(seq, addressing, body);
      },
      { ...(reader.since === undefined ? {} : { since: reader.since }), onGap: reader.onGap },
    );
    return { version, newest: subscription.newest, status, close: () => subscription.close() };
  };
}

/** Readers are given the same message one after another: it is taken apart once. */
function createDecoder(): typeof decodeNews {
  let last: { payload: string; news: ReturnType<typeof decodeNews> } | null = null;
  return (payload) => {
    if (last?.payload !== payload) last = { payload, news: decodeNews(payload) };
    return last.news;
  };
}
