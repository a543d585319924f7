import { and, eq, lt, lte, sql } from 'drizzle-orm';
import type { Database } from '../database.js';
import type { ChannelTable } from './channel-tables.js';
import { weeklyMails } from './schema.js';

export function weeklyMailQueries(
  db: Database,
): Pick<ChannelTable, 'claimWeeklyMail' | 'endWeeklyTry' | 'listWeeklyMails'> {
  return {
    async claimWeeklyMail(channelId, { dueAt, now }) {
      const first = { due_at: dueAt, tries: 1, next_at: null, ended_at: null, problem: null };
      const isSame = eq(weeklyMails.due_at, dueAt);
      const [row] = await db
        .insert(weeklyMails)
        .values({ channel_id: channelId, ...first })
        .onConflictDoUpdate({
          target: weeklyMails.channel_id,
          set: { ...first, tries: sql`case when ${isSame} then ${weeklyMails.tries} + 1 else 1 end` },
          setWhere: sql`${lt(weeklyMails.due_at, dueAt)} or (${isSame} and ${lte(weeklyMails.next_at, now)})`,
        })
        .returning({ tries: weeklyMails.tries });
      return row?.tries ?? null;
    },
    async endWeeklyTry(channelId, dueAt, { nextAt, endedAt, problem }) {
      await db
        .update(weeklyMails)
        .set({ next_at: nextAt, ended_at: endedAt, problem })
        .where(and(eq(weeklyMails.channel_id, channelId), eq(weeklyMails.due_at, dueAt)));
    },
    async listWeeklyMails() {
      const rows = await db.select().from(weeklyMails);
      return rows.map(({ channel_id: channel, due_at, ended_at, problem }) => ({
        channel,
        dueAt: due_at.toISOString(),
        endedAt: ended_at?.toISOString() ?? null,
        problem,
      }));
    },
  };
}
