import { HiveError } from '@hive/contract';
import { findChannel, shownChannel } from '../../channels/find-channel.js';
import { demand } from '../../identity/principal.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';
import type { ChannelParts } from './create-channel.js';

/** Deletes a channel. Throws HiveError `not_found`, `conflict` while a rule names it, or where a file describes it. */
export function deleteChannel({ store, log }: Pick<ChannelParts, 'store' | 'log'>): Verb<string, void> {
  return async (actor, id) => {
    demand(actor, 'channel.write');
    spareFiles(actor, 'channel', shownChannel(await findChannel(store, id)));
    const naming = (await store.listRules()).filter(({ routes }) => routes.some(({ to }) => to.includes(id)));
    if (naming.length > 0)
      throw new HiveError('conflict', `the channel '${id}' is named by ${naming.map(({ name }) => name).join(', ')}`, {
        hint: 'take it out of the routes of these rules first',
        details: { rules: naming.map((rule) => rule.id) },
      });
    await store.deleteChannel(id);
    log.info({ channel: id, who: actor.id }, 'channel deleted');
  };
}
