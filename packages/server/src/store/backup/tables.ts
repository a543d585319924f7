import { is, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, PgTable, type PgColumn } from 'drizzle-orm/pg-core';
import * as schema from '../schema.js';
import * as people from '../people/schema.js';
import * as team from '../team/schema.js';

/** A table of the schema, as a backup sees it. */
export interface BackedTable {
  name: string;
  columns: { name: string; type: string }[];
  /** Names of the columns of its primary key. */
  key: string[];
}

/** Who is signed in, and what is good for minutes, is of no use elsewhere. */
const PASSING: ReadonlySet<unknown> = new Set([people.userSessions, people.onceCodes, people.signInFailures]);

/** Every table of the schema that is kept, each after those it refers to. */
export function backedTables(): BackedTable[] {
  const left = Object.values({ ...schema, ...team, ...people })
    .filter((value) => !PASSING.has(value))
    .filter((value) => is(value, PgTable))
    .map((table) => getTableConfig(table));
  const ordered: typeof left = [];
  while (left.length > 0) {
    const next = left.findIndex(({ name, foreignKeys }) =>
      foreignKeys.every((key) => {
        const needed = getTableConfig(key.reference().foreignTable).name;
        return needed === name || ordered.some((table) => table.name === needed);
      }),
    );
    if (next < 0) throw new Error(`tables refer to each other in a circle: ${left.map(({ name }) => name).join(', ')}`);
    ordered.push(...left.splice(next, 1));
  }
  return ordered.map(({ name, columns, primaryKeys }) => ({
    name,
    columns: columns.map((column) => ({ name: column.name, type: column.getSQLType() })),
    key: (primaryKeys[0]?.columns ?? columns.filter(isKey)).map((column) => column.name),
  }));
}

function isKey(column: PgColumn): boolean {
  return column.primary;
}

/** A column as text that {@link fromText} reads again, whatever database wrote it. */
export function asText({ name, type }: BackedTable['columns'][number]): SQL {
  const column = sql.identifier(name);
  return type === 'bytea' ? sql`encode(${column}, 'base64')` : sql`${column}::text`;
}

/** The value of a column from such text. */
export function fromText(text: SQL, type: string): SQL {
  return type === 'bytea' ? sql`decode(${text}, 'base64')` : sql`(${text})::${sql.raw(type)}`;
}
