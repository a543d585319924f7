import { HiveError } from '@hive/contract';
import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import { rowsOf, type Database } from '../database.js';
import { coverDays, isDivided } from '../measured/days.js';
import { newestApplied } from '../migrate.js';
import { brokenBackup, endSchema, FORMAT, headSchema, tableSchema, type BackedRows, type BackupRow } from './format.js';
import { backedTables, fromText, type BackedTable } from './tables.js';

const BATCH = 500;
/** Tables that are not empty in a new database: the rows of a backup take the place of theirs. */
const MADE_WITH_IT: ReadonlySet<string> = new Set(['rules']);

/**
 * Writes the rows of a backup into an empty database, all of them or none.
 * @throws HiveError `conflict` when the database holds anything, `database_newer` for a backup of a newer Hive, `validation` for a broken one.
 */
export async function readBackup(db: Database, lines: AsyncIterable<string>): Promise<BackedRows> {
  return db.transaction(async (transaction) => {
    await refuseFilled(transaction);
    const restored: BackedRows = {};
    let table: BackedTable | null = null;
    let waiting: BackupRow[] = [];
    let stage: 'head' | 'tables' | 'end' = 'head';
    const flush = async (): Promise<void> => {
      if (table !== null && waiting.length > 0) await insert(transaction, table, waiting);
      waiting = [];
    };
    for await (const line of lines) {
      const value = parsed(line);
      if (stage === 'head') {
        await checkHead(transaction, value);
        stage = 'tables';
      } else if (Array.isArray(value)) {
        if (table === null) throw brokenBackup('it has rows of no table');
        restored[table.name] = (restored[table.name] ?? 0) + 1;
        if (waiting.push(value as BackupRow) >= BATCH) await flush();
      } else {
        await flush();
        const end = endSchema.safeParse(value);
        if (end.success) {
          checkEnd(end.data.rows, restored);
          stage = 'end';
          break;
        }
        table = tableIn(value);
        if (MADE_WITH_IT.has(table.name)) await transaction.execute(sql`delete from ${sql.identifier(table.name)}`);
        restored[table.name] = 0;
      }
    }
    if (stage !== 'end') throw brokenBackup('it ends too early');
    await continueNumbers(transaction);
    return restored;
  });
}

async function refuseFilled(db: Database): Promise<void> {
  for (const { name } of backedTables()) {
    if (MADE_WITH_IT.has(name)) continue;
    const [found] = await rowsOf<{ filled: boolean }>(
      db,
      sql`select exists (select from ${sql.identifier(name)}) as filled`,
    );
    if (found?.filled !== true) continue;
    throw new HiveError('conflict', `the database is not empty: there are rows in ${name}`, {
      hint: 'restore into a new directory (--data) or an empty PostgreSQL database (DATABASE_URL)',
    });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw brokenBackup('it is not a backup of Hive, or it is damaged');
  }
}

async function checkHead(db: Database, value: unknown): Promise<void> {
  const head = headSchema.safeParse(value);
  if (!head.success) throw brokenBackup('it is not a backup of Hive');
  if (head.data.hiveBackup > FORMAT || head.data.schema > (await newestApplied(db))) {
    throw new HiveError('database_newer', 'the backup was made by a newer version of Hive', {
      hint: 'use that version',
    });
  }
}

/** The table with the columns that the backup has of it; the others keep their defaults. */
function tableIn(value: unknown): BackedTable {
  const said = tableSchema.safeParse(value);
  if (!said.success) throw brokenBackup('a line is neither a table nor a row');
  const { table: name, columns } = said.data;
  const table = backedTables().find((one) => one.name === name);
  if (table === undefined) throw brokenBackup(`this Hive has no table ${name}`);
  return {
    ...table,
    columns: columns.map((column) => {
      const found = table.columns.find((one) => one.name === column);
      if (found === undefined) throw brokenBackup(`this Hive has no column ${name}.${column}`);
      return found;
    }),
  };
}

function checkEnd(said: BackedRows, restored: BackedRows): void {
  for (const [name, rows] of Object.entries(said)) {
    if (restored[name] !== rows) throw brokenBackup(`it holds ${restored[name] ?? 0} of ${rows} rows of ${name}`);
  }
}

async function insert(db: Database, table: BackedTable, rows: readonly BackupRow[]): Promise<void> {
  const { name, columns } = table;
  if (rows.some((row) => row.length !== columns.length)) throw brokenBackup(`a row of ${name} has the wrong length`);
  if (isDivided(name)) {
    const place = columns.findIndex((column) => column.name === 'day');
    await coverDays(db, name, [...new Set(rows.flatMap((row) => row[place] ?? []))]);
  }
  const list = (parts: readonly SQLWrapper[]): SQL =>
    sql.join(
      parts.map((part) => sql`${part}`),
      sql`, `,
    );
  await db.execute(sql`
    insert into ${sql.identifier(name)} (${list(columns.map((column) => sql.identifier(column.name)))})
    select ${list(columns.map(({ type }, place) => fromText(sql`cells ->> ${sql.raw(String(place))}`, type)))}
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as cells`);
}

/** What is numbered goes on after the highest number that was restored. */
async function continueNumbers(db: Database): Promise<void> {
  const numbered = await rowsOf<{ table: string; column: string; sequence: string }>(
    db,
    sql`
      select table_name as "table", column_name as "column",
        substring(column_default from 'nextval\\(''"?([a-z_]+)"?''') as sequence
      from information_schema.columns
      where table_schema = 'public' and column_default like 'nextval(%' and table_name in (${sql.join(
        backedTables().map(({ name }) => sql`${name}`),
        sql`, `,
      )})`,
  );
  for (const { table, column, sequence } of numbered) {
    await db.execute(
      sql`select setval(${sequence}::regclass, coalesce((select max(${sql.identifier(column)}) from ${sql.identifier(table)}), 0) + 1, false)`,
    );
  }
}
