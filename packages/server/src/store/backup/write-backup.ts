import { sql, type SQL } from 'drizzle-orm';
import { rowsOf, type Database } from '../database.js';
import { newestApplied } from '../migrate.js';
import { FORMAT, type BackedRows, type BackupRow } from './format.js';
import { withoutSecrets } from './secrets.js';
import { asText, backedTables, fromText, type BackedTable } from './tables.js';

const BATCH = 500;

/** The lines of a backup of a whole database, as it is at one moment. */
export async function writeBackup(
  db: Database,
  { secrets, at }: { secrets: boolean; at: Date },
  write: (line: string) => Promise<void>,
): Promise<BackedRows> {
  return db.transaction(
    async (snapshot) => {
      await snapshot.execute(sql`set local timezone = 'UTC'`);
      const schema = await newestApplied(snapshot);
      await write(JSON.stringify({ hiveBackup: FORMAT, schema, at: at.toISOString(), secrets }));
      const rows: BackedRows = {};
      for (const table of backedTables()) {
        await write(JSON.stringify({ table: table.name, columns: table.columns.map(({ name }) => name) }));
        rows[table.name] = 0;
        for await (const row of rowsIn(snapshot, table)) {
          await write(JSON.stringify(secrets ? row : withoutSecrets(table, row)));
          rows[table.name] = (rows[table.name] ?? 0) + 1;
        }
      }
      await write(JSON.stringify({ end: true, rows }));
      return rows;
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/** The rows of a table in the order of its key, read in batches. */
async function* rowsIn(db: Database, table: BackedTable): AsyncGenerator<BackupRow> {
  const key = sql.join(
    table.key.map((name) => sql.identifier(name)),
    sql`, `,
  );
  const places = table.key.map((name) => table.columns.findIndex((column) => column.name === name));
  let after: SQL = sql`true`;
  for (;;) {
    const batch = await rowsOf<{ row: BackupRow }>(
      db,
      sql`select json_build_array(${sql.join(table.columns.map(asText), sql`, `)}) as row
        from ${sql.identifier(table.name)} where ${after} order by ${key} limit ${BATCH}`,
    );
    for (const { row } of batch) yield row;
    const last = batch.at(-1)?.row;
    if (last === undefined || batch.length < BATCH) return;
    const values = places.map((place) => fromText(sql`${last[place]}::text`, table.columns[place]?.type ?? 'text'));
    after = sql`(${key}) > (${sql.join(values, sql`, `)})`;
  }
}
