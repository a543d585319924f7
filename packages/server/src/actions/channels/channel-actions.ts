import type { Channel, RouteParsed, StoredSecret, TestedChannel } from '@hive/contract';
import type { Verb } from '../verb.js';

/** What a caller can do with channels and secrets. */
export interface ChannelActions {
  listChannels: Verb<void, Channel[]>;
  getChannel: Verb<string, Channel>;
  createChannel: Verb<RouteParsed<'createChannel'>['body'], Channel>;
  replaceChannel: Verb<{ id: string; channel: RouteParsed<'replaceChannel'>['body'] }, Channel>;
  deleteChannel: Verb<string, void>;
  testChannel: Verb<string, TestedChannel>;
  listSecrets: Verb<void, StoredSecret[]>;
  setSecret: Verb<{ name: string; value: string }, StoredSecret>;
  deleteSecret: Verb<string, void>;
}
