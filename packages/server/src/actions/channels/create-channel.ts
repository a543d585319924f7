import { newChannelId, type Channel, type FILES } from '@hive/contract';
import { shownChannel } from '../../channels/find-channel.js';
import { sealChannel, type WrittenChannel } from '../../channels/seal-channel.js';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { Vault } from '../../vault/vault.js';
import type { Verb } from '../verb.js';

/** What changes channels. */
export interface ChannelParts {
  store: Store;
  log: Log;
  vault: Vault;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** Whether a file describes it. */
export interface Managed {
  managedBy?: typeof FILES;
}

/** Tells a channel from now on. Throws HiveError `conflict` where the id is taken, `validation` for what is needed. */
export function createChannel({ store, log, vault, now }: ChannelParts): Verb<WrittenChannel & Managed, Channel> {
  return async (actor, input) => {
    demand(actor, 'channel.write');
    const at = new Date(now()).toISOString();
    const made = { id: input.id ?? newChannelId(), createdAt: at, changedAt: at };
    const channel = await sealChannel(input, made, { vault });
    await store.createChannel(channel);
    log.info({ channel: channel.id, type: channel.type, who: actor.id }, 'channel created');
    return shownChannel(channel);
  };
}
