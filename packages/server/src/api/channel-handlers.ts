import type { RouteName, RouteOutput, RouteParsed } from '@hive/contract';
import type { Actions } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';

type ChannelRoute = Extract<
  RouteName,
  | 'listChannels'
  | 'getChannel'
  | 'createChannel'
  | 'replaceChannel'
  | 'deleteChannel'
  | 'testChannel'
  | 'listSecrets'
  | 'setSecret'
  | 'deleteSecret'
>;

/** What the routes of channels and secrets do. */
export const channelHandlers: {
  [Name in ChannelRoute]: (actions: Actions, actor: Principal, input: RouteParsed<Name>) => Promise<RouteOutput<Name>>;
} = {
  listChannels: async ({ listChannels }, actor) => ({ channels: await listChannels(actor) }),
  getChannel: ({ getChannel }, actor, { params }) => getChannel(actor, params.id),
  createChannel: ({ createChannel }, actor, { body }) => createChannel(actor, body),
  replaceChannel: ({ replaceChannel }, actor, { params, body }) =>
    replaceChannel(actor, { id: params.id, channel: body }),
  async deleteChannel({ deleteChannel }, actor, { params }) {
    await deleteChannel(actor, params.id);
    return { deleted: params.id };
  },
  testChannel: ({ testChannel }, actor, { params }) => testChannel(actor, params.id),
  listSecrets: async ({ listSecrets }, actor) => ({ secrets: await listSecrets(actor) }),
  setSecret: ({ setSecret }, actor, { params, body }) => setSecret(actor, { name: params.name, value: body.value }),
  async deleteSecret({ deleteSecret }, actor, { params }) {
    await deleteSecret(actor, params.name);
    return { deleted: params.name };
  },
};
