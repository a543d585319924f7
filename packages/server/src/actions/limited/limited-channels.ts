import { HiveError } from '@hive/contract';
import type { StoredChannel, StoredData } from '../../store/store.js';
import { beyond } from './beyond.js';
import type { Visible } from './visible.js';

type ChannelPart =
  | 'createChannel'
  | 'replaceChannel'
  | 'listChannels'
  | 'deleteChannel'
  | 'listDeliveries'
  | 'listSecrets'
  | 'setSecret'
  | 'deleteSecret';

/**
 * Channels that hear of these targets alone are theirs. Those that may hear of others as well are shown, and stay as they are. Stored secrets
 * belong to whoever sees every target: a channel could send them anywhere.
 */
export function limitedChannels(store: StoredData, visible: Visible): Pick<StoredData, ChannelPart> {
  const wanted = Object.entries(visible.labels);
  const isOwn = ({ when }: StoredChannel): boolean => visible.fits({ labels: when });
  /** It may hear of these targets. */
  const isShown = ({ when }: StoredChannel): boolean =>
    wanted.every(([name, value]) => when[name] === undefined || when[name] === value);
  const own = (channel: StoredChannel): void => {
    if (!isOwn(channel)) throw beyond();
    if (JSON.stringify(channel.settings).includes('${'))
      throw new HiveError('forbidden', 'a role that is limited to some targets uses no stored secrets', {
        hint: 'write the value itself: it is kept encrypted, and never shown',
      });
  };
  const ownStored = async (id: string): Promise<boolean> => {
    const channel = (await store.listChannels()).find((one) => one.id === id);
    if (channel !== undefined && !isOwn(channel)) throw beyond();
    return channel !== undefined;
  };
  return {
    async createChannel(channel) {
      own(channel);
      await store.createChannel(channel);
    },
    async replaceChannel(channel) {
      own(channel);
      return (await ownStored(channel.id)) && store.replaceChannel(channel);
    },
    listChannels: async () => (await store.listChannels()).filter(isShown),
    deleteChannel: async (id) => (await ownStored(id)) && store.deleteChannel(id),
    async listDeliveries(incidentId) {
      const incident = await store.getIncident(incidentId);
      const isSeen = incident !== null && incident.target !== null && (await visible.sees(incident.target));
      return isSeen ? store.listDeliveries(incidentId) : [];
    },
    listSecrets: async () => [],
    async setSecret() {
      throw beyond();
    },
    async deleteSecret() {
      throw beyond();
    },
  };
}
