import { HiveError } from '@hive/contract';
import { asc, eq } from 'drizzle-orm';
import type { Database } from '../database.js';
import type { ChannelTable, StoredChannel } from './channel-tables.js';
import { channels, secrets } from './schema.js';

type ChannelQueries = Pick<
  ChannelTable,
  'createChannel' | 'replaceChannel' | 'listChannels' | 'deleteChannel' | 'setSecret' | 'listSecrets' | 'deleteSecret'
>;

export function channelQueries(db: Database): ChannelQueries {
  return {
    async createChannel(channel) {
      const rows = await db
        .insert(channels)
        .values({ ...columnsOf(channel), id: channel.id, created_at: new Date(channel.createdAt) })
        .onConflictDoNothing()
        .returning({ id: channels.id });
      if (rows.length > 0) return;
      throw new HiveError('conflict', `there is a channel with the id '${channel.id}' already`, {
        hint: 'choose another id, or replace it with PUT /api/channels/{id}',
      });
    },
    async replaceChannel(channel) {
      const changed = db.update(channels).set(columnsOf(channel)).where(eq(channels.id, channel.id));
      return (await changed.returning({ id: channels.id })).length > 0;
    },
    async listChannels() {
      const rows = await db.select().from(channels).orderBy(asc(channels.created_at), asc(channels.id));
      return rows.map(toChannel);
    },
    async deleteChannel(id) {
      if (id.includes('\0')) return false;
      return (await db.delete(channels).where(eq(channels.id, id)).returning({ id: channels.id })).length > 0;
    },

    async setSecret({ name, changedAt, sealed }) {
      const set = { changed_at: new Date(changedAt), sealed };
      await db
        .insert(secrets)
        .values({ name, ...set })
        .onConflictDoUpdate({ target: secrets.name, set });
    },
    async listSecrets() {
      const rows = await db.select().from(secrets).orderBy(asc(secrets.name));
      return rows.map(({ name, changed_at, sealed }) => ({ name, changedAt: changed_at.toISOString(), sealed }));
    },
    async deleteSecret(name) {
      if (name.includes('\0')) return false;
      return (await db.delete(secrets).where(eq(secrets.name, name)).returning({ name: secrets.name })).length > 0;
    },
  };
}

function columnsOf({ changedAt, name, type, when, on, settings, sealed }: StoredChannel) {
  return { changed_at: new Date(changedAt), name, type, when, is_on: on, settings, sealed };
}

function toChannel(row: typeof channels.$inferSelect): StoredChannel {
  const { created_at, changed_at, is_on, sealed, ...rest } = row;
  return {
    ...rest,
    createdAt: created_at.toISOString(),
    changedAt: changed_at.toISOString(),
    on: is_on,
    sealed: sealed ?? {},
  };
}
