import { z } from 'zod';
import { channelInputSchema, channelSchema, testedChannelSchema } from './channel.js';
import { idParams } from './route-inputs.js';
import type { Route } from './route.js';
import { secretNameSchema, secretValueSchema, storedSecretSchema } from './stored-secret.js';

const deleted = z.object({ deleted: z.string() });
const nameParams = z.object({ name: secretNameSchema });

/** Routes of channels and secrets. */
export const CHANNEL_ROUTES = {
  listChannels: {
    method: 'GET',
    path: '/api/channels',
    summary: 'List channels, without what is secret',
    permission: 'read',
    status: 200,
    output: z.object({ channels: z.array(channelSchema) }),
  },
  createChannel: {
    method: 'POST',
    path: '/api/channels',
    summary: 'Say where messages about incidents go',
    permission: 'channel.write',
    status: 201,
    body: channelInputSchema,
    output: channelSchema,
  },
  getChannel: {
    method: 'GET',
    path: '/api/channels/{id}',
    summary: 'Get one channel, without what is secret',
    permission: 'read',
    status: 200,
    params: idParams,
    output: channelSchema,
  },
  replaceChannel: {
    method: 'PUT',
    path: '/api/channels/{id}',
    summary: 'Replace a channel; secrets that are absent stay as they are',
    permission: 'channel.write',
    status: 200,
    params: idParams,
    body: channelInputSchema,
    output: channelSchema,
  },
  deleteChannel: {
    method: 'DELETE',
    path: '/api/channels/{id}',
    summary: 'Delete a channel; what was sent stays on its incidents',
    permission: 'channel.write',
    status: 200,
    params: idParams,
    output: deleted,
  },
  testChannel: {
    method: 'POST',
    path: '/api/channels/{id}/test',
    summary: 'Send a test message now, and show what the other side answers',
    permission: 'channel.write',
    status: 200,
    params: idParams,
    output: testedChannelSchema,
  },
  listSecrets: {
    method: 'GET',
    path: '/api/secrets',
    summary: 'List the names of stored secrets; values are never shown',
    permission: 'read',
    status: 200,
    output: z.object({ secrets: z.array(storedSecretSchema) }),
  },
  setSecret: {
    method: 'PUT',
    path: '/api/secrets/{name}',
    summary: 'Store a secret, encrypted; it cannot be read again',
    permission: 'channel.write',
    status: 200,
    params: nameParams,
    body: secretValueSchema,
    output: storedSecretSchema,
  },
  deleteSecret: {
    method: 'DELETE',
    path: '/api/secrets/{name}',
    summary: 'Delete a stored secret',
    permission: 'channel.write',
    status: 200,
    params: nameParams,
    output: deleted,
  },
} as const satisfies Record<string, Route>;
