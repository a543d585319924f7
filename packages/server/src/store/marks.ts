import { and, desc, eq, gte, inArray, isNull, lte, or } from 'drizzle-orm';
import { countFitting } from '../answer-size.js';
import type { Database } from './database.js';
import { instantOf } from './paging.js';
import { marks } from './schema.js';
import type { Store } from './store.js';

type MarkQueries = Pick<Store, 'createMark' | 'listMarks' | 'deleteMark'>;

export function markQueries(db: Database): MarkQueries {
  return {
    async createMark({ target, at, ...mark }) {
      await db.insert(marks).values({ ...mark, target_id: target, at: instantOf('at', at) });
    },

    async listMarks({ target, targets, from, to, limit }) {
      const rows = await db
        .select()
        .from(marks)
        .where(
          and(
            target === undefined ? undefined : or(eq(marks.target_id, target), isNull(marks.target_id)),
            targets && or(inArray(marks.target_id, [...targets]), isNull(marks.target_id)),
            from === undefined ? undefined : gte(marks.at, instantOf('from', from)),
            to === undefined ? undefined : lte(marks.at, instantOf('to', to)),
          ),
        )
        .orderBy(desc(marks.at), desc(marks.id))
        .limit(limit);
      const shown = rows.map(({ target_id, at, ...mark }) => ({ ...mark, at: at.toISOString(), target: target_id }));
      return shown.slice(0, await countFitting(shown));
    },

    async deleteMark(id, targets) {
      if (id.includes('\0')) return false;
      const rows = await db
        .delete(marks)
        .where(and(eq(marks.id, id), targets && inArray(marks.target_id, [...targets])))
        .returning({ id: marks.id });
      return rows.length > 0;
    },
  };
}
