import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createTestDatabase } from '../../../../test/services.js';
import type { StoreOptions } from '../../src/store/open.js';
import { MIGRATIONS_FOLDER } from '../../src/store/migrate.js';

/** A store as Hive 0.1.0 left it, closed. */
export interface EarlierStore {
  options: StoreOptions;
  /** Runs a statement on it while it is closed. */
  run(statement: string): Promise<void>;
  end(): Promise<void>;
}

/** Migrations that 0.1.0 had. */
const OF_010 = 2;

export async function createPostgresOf010(): Promise<EarlierStore> {
  const { url, drop } = await createTestDatabase();
  const run = async (work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  await withMigrations((migrationsFolder) =>
    run((client) => migratePostgres(drizzlePostgres(client), { migrationsFolder })),
  );
  return {
    options: { databaseUrl: url, dataDir: '/nowhere/unused' },
    run: (statement) => run((client) => client.query(statement)),
    end: drop,
  };
}

export async function createPgliteOf010(): Promise<EarlierStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hive-earlier-'));
  const run = async (work: (client: PGlite) => Promise<unknown>): Promise<void> => {
    const client = await PGlite.create(join(dataDir, 'database'));
    try {
      await work(client);
    } finally {
      await client.close();
    }
  };
  await withMigrations((migrationsFolder) =>
    run((client) => migratePglite(drizzlePglite(client), { migrationsFolder })),
  );
  return {
    options: { dataDir },
    run: (statement) => run((client) => client.exec(statement)),
    end: () => rm(dataDir, { recursive: true, force: true }),
  };
}

async function withMigrations(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hive-migrations-'));
  try {
    const journal = JSON.parse(await readFile(join(MIGRATIONS_FOLDER, 'meta/_journal.json'), 'utf8')) as {
      entries: { tag: string }[];
    };
    const entries = journal.entries.slice(0, OF_010);
    await mkdir(join(folder, 'meta'));
    await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }));
    for (const { tag } of entries) await cp(join(MIGRATIONS_FOLDER, `${tag}.sql`), join(folder, `${tag}.sql`));
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
