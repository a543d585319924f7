import { HiveError } from '@hive/contract';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Socket } from 'node:net';
import pg from 'pg';
import type { Database, OpenDatabase } from './database.js';
import { causeOf, databaseUnreachable, oneLine } from './errors.js';
import type { OnQuery } from './query-log.js';
import { assertNotNewer, countApplied, MIGRATIONS_FOLDER } from './migrate.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** The database stops a statement by then, so that none goes on when nobody waits for it any more. */
const STATEMENT_TIMEOUT_MS = 9_000;
/** A database that does not even say so is away. */
const QUERY_TIMEOUT_MS = 10_000;
/** What closing waits for statements under way. */
const CLOSE_MS = 500;
const MAX_CONNECTIONS = 10;
/** Any number that no other program on this database takes: 'hive' in ASCII. */
const MIGRATION_LOCK = 0x68697665;

/** Opens a pool on PostgreSQL, after its migrations. @throws HiveError `database_unreachable` within 5 s, `database_newer`. */
export async function openPostgres(url: string, onQuery?: OnQuery): Promise<OpenDatabase> {
  const place = placeOf(url);
  await migratePostgres(url);
  const { Client, cutAll } = breakableClients(onQuery);
  const pool = new pg.Pool({
    Client,
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'hive',
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  let ended: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    const cut = setTimeout(cutAll, CLOSE_MS);
    await pool.end();
    clearTimeout(cut);
  };
  return {
    db: drizzle(pool) as unknown as Database,
    place,
    async announce() {},
    close: () => (ended ??= end()),
  };
}

/** What tells that a statement had no answer, in the words of the driver. */
const NO_ANSWER = 'Query read timeout';

/**
 * Clients that can be cut off together. One on which a statement had no answer is cut off by itself: it would keep those behind it waiting,
 * and what it still holds must not reach the database after the statement was tried again elsewhere.
 */
function breakableClients(onQuery: OnQuery = () => undefined): { Client: typeof pg.Client; cutAll(): void } {
  const open = new Set<pg.Client>();
  class BreakableClient extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      open.add(this);
      this.once('end', () => open.delete(this));
      const query = this.query.bind(this) as (...input: unknown[]) => unknown;
      const watched = (...input: unknown[]): unknown => {
        const begunMs = performance.now();
        const over = (): void => onQuery({ text: textOf(input[0]), ms: performance.now() - begunMs });
        const told = input.at(-1);
        // The pool itself asks in the older way, with a function to be called; what fails there, it ends.
        if (isFunction(told)) return query(...input.slice(0, -1), (...answer: unknown[]) => (over(), told(...answer)));
        const answer = query(...input);
        if (!(answer instanceof Promise)) return answer;
        answer.catch((error: unknown) => isSilent(error) && cut(this));
        answer.then(over, over);
        return answer;
      };
      this.query = watched as typeof this.query;
    }
  }
  return { Client: BreakableClient, cutAll: () => open.forEach(cut) };
}

function isFunction(value: unknown): value is (...input: unknown[]) => unknown {
  return typeof value === 'function';
}

/** Of a statement as the driver takes it: by itself, or beside its values. */
function textOf(statement: unknown): string {
  return typeof statement === 'string' ? statement : (statement as { text: string }).text;
}

function isSilent(error: unknown): boolean {
  return error instanceof Error && error.message === NO_ANSWER;
}

function cut(client: pg.Client): void {
  const { connection } = client as unknown as { connection: { stream: Socket } };
  connection.stream.resetAndDestroy();
}

/**
 * Brings the schema up to date under an advisory lock, so that instances that start together migrate once.
 * Returns how many migrations were applied. @throws HiveError `database_unreachable`, `database_newer`.
 */
export async function migratePostgres(url: string): Promise<number> {
  const place = placeOf(url);
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'hive',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('set client_min_messages to warning');
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const db = drizzle(client);
    const shared = db as unknown as Database;
    await assertNotNewer(shared, place);
    const before = await countApplied(shared);
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
    return (await countApplied(shared)) - before;
  } catch (error) {
    throw error instanceof HiveError ? error : databaseUnreachable(place, oneLine(causeOf(error)));
  } finally {
    // Ending the connection also gives the lock back.
    await client.end().catch(() => undefined);
  }
}

/** Host, port and database of a URL, without user and password. @throws HiveError `database_unreachable` when it is no URL. */
function placeOf(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw databaseUnreachable('DATABASE_URL', 'it is not a URL such as postgres://user:password@host:5432/database');
  }
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw databaseUnreachable('DATABASE_URL', `it starts with ${parsed.protocol}// instead of postgres://`);
  }
  return `${parsed.hostname || 'localhost'}:${parsed.port || '5432'}${parsed.pathname}`;
}
