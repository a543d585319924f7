import type { Channel } from '@hive/contract';
import { findChannel, shownChannel } from '../../channels/find-channel.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

type Lists = Pick<Store, 'listChannels' | 'listWeeklyMails'>;

/** The channels, oldest first, without what is secret. */
export function listChannels(store: Lists): Verb<void, Channel[]> {
  return async (actor) => {
    demand(actor, 'read');
    return withWeekly(store, (await store.listChannels()).map(shownChannel));
  };
}

/** One channel, likewise. Throws HiveError `not_found`. */
export function getChannel(store: Lists): Verb<string, Channel> {
  return async (actor, id) => {
    demand(actor, 'read');
    const channel = shownChannel(await findChannel(store, id));
    return (await withWeekly(store, [channel]))[0] ?? channel;
  };
}

/** With what became of their weekly mails. */
async function withWeekly(store: Lists, channels: Channel[]): Promise<Channel[]> {
  if (!channels.some((one) => one.type === 'email' && one.weekly !== undefined)) return channels;
  const mails = await store.listWeeklyMails();
  return channels.map((one) => {
    const found = mails.find(({ channel }) => channel === one.id);
    if (found === undefined) return one;
    const { channel: _, ...lastWeekly } = found;
    return { ...one, lastWeekly };
  });
}
