import type { TrainingStatus } from '@hive/contract';
import type { Context } from './context.js';
import { decodeNews, LIVE_TOPIC, type Addressing } from './live-topic.js';

export interface LiveReader {
  /** Replays what is still held after this seq, then continues. */
  since?: number | undefined;
  /** `body` is the message but for its `v` and `seq`, as JSON text. Must not block. */
  onMessage(seq: number, addressing: Addressing, body: string): void;
  /** These are no longer held; both inclusive. */
  onGap(from: number, to: number): void;
}

/** Follows the live feed. Messages may come before the promise resolves. */
export async function followLive(
  { bus, runner }: Context,
  reader: LiveReader,
): Promise<{ newest: number; status: TrainingStatus; close: () => Promise<void> }> {
  const status = await runner.status();
  const subscription = await bus.subscribe(
    LIVE_TOPIC,
    (seq, payload) => {
      const { addressing, body } = decodeNews(payload);
      reader.onMessage(seq, addressing, body);
    },
    { ...(reader.since === undefined ? {} : { since: reader.since }), onGap: reader.onGap },
  );
  return { newest: subscription.newest, status, close: () => subscription.close() };
}
