import { HiveError, type Channel } from '@hive/contract';
import { findChannel, shownChannel } from '../../channels/find-channel.js';
import { sealChannel, type WrittenChannel } from '../../channels/seal-channel.js';
import { demand } from '../../identity/principal.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';
import type { ChannelParts, Managed } from './create-channel.js';

/** Changes a channel; secrets that are absent stay. Throws HiveError `not_found`, `validation`, `conflict` where a file describes it. */
export function replaceChannel({
  store,
  log,
  vault,
  now,
}: ChannelParts): Verb<{ id: string; channel: WrittenChannel & Managed }, Channel> {
  return async (actor, { id, channel: input }) => {
    demand(actor, 'channel.write');
    const before = await findChannel(store, id);
    spareFiles(actor, 'channel', shownChannel(before));
    if (input.id !== undefined && input.id !== id)
      throw new HiveError('validation', `id: must be '${id}', as in the path`, { hint: 'a channel keeps its id' });
    const made = { id, createdAt: before.createdAt, changedAt: new Date(now()).toISOString() };
    const channel = await sealChannel(input, made, { vault, before });
    await store.replaceChannel(channel);
    log.info({ channel: id, type: channel.type, who: actor.id }, 'channel replaced');
    return shownChannel(channel);
  };
}
