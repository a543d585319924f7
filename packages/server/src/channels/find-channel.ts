import { HiveError, type Channel } from '@hive/contract';
import type { Store, StoredChannel } from '../store/store.js';

/** @throws HiveError `not_found`. */
export async function findChannel(store: Pick<Store, 'listChannels'>, id: string): Promise<StoredChannel> {
  const channel = (await store.listChannels()).find((one) => one.id === id);
  if (channel === undefined)
    throw new HiveError('not_found', `there is no channel with the id '${id}'`, { hint: 'see GET /api/channels' });
  return channel;
}

/** A channel without what is secret. */
export function shownChannel({ settings, sealed, ...channel }: StoredChannel): Channel {
  return { ...channel, ...settings, set: Object.keys(sealed).toSorted() } as Channel;
}

/** @throws HiveError `validation` naming the first channel of a rule's routes that there is none of. */
export async function checkRoutes(
  store: Pick<Store, 'listChannels'>,
  routes: readonly { to: readonly string[] }[],
): Promise<void> {
  if (routes.length === 0) return;
  const known = new Set((await store.listChannels()).map(({ id }) => id));
  for (const [index, { to }] of routes.entries()) {
    const place = to.findIndex((id) => !known.has(id));
    if (place < 0) continue;
    const field = `routes.${index}.to.${place}`;
    const message = `there is no channel with the id '${to[place]}'`;
    throw new HiveError('validation', `${field}: ${message}`, {
      hint: 'see GET /api/channels',
      details: { problems: [{ field, message }] },
    });
  }
}
