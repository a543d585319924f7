import { rm } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { createTestDatabase, describeWith, postgres } from '../../../../test/services.js';
import { openDatabase, openStore, type StoreOptions } from '../../src/store/open.js';
import { sampleTarget } from './samples.js';

const SECRET = 'tok-4711-abcdef';

function logging() {
  const lines: { level: string; details: { query?: string; ms?: number }; text: string }[] = [];
  const at = (level: string) => (details: object, text: string) => void lines.push({ level, details, text });
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

function logsQueries(place: () => StoreOptions): void {
  it('logs every query at debug, none with its values, also within a transaction', async () => {
    const { lines, log } = logging();
    const store = await openStore({ ...place(), log });
    const target = sampleTarget();
    for (const request of target.requests) request.headers = { authorization: SECRET };
    await store.atomically((whole) => whole.saveTarget(target));
    await store.close();
    const queries = lines.filter(({ details }) => details.query?.startsWith('insert into "targets"'));
    expect(queries.length).toBe(1);
    expect(queries[0]?.details.ms).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(JSON.stringify(lines)).not.toContain(target.id);
  });

  it('warns of one that takes longer than 100 ms', async () => {
    const { lines, log } = logging();
    const database = await openDatabase({ ...place(), log });
    await database.db.execute(sql`select pg_sleep(${0.15})`);
    await database.close();
    const slow = lines.filter(({ level, details }) => level === 'warn' && details.query?.includes('pg_sleep'));
    expect(slow).toMatchObject([{ text: 'slow query', details: { query: 'select pg_sleep($1)' } }]);
    expect(slow[0]?.details.ms).toBeGreaterThan(100);
  });

  it('warns of none that only waited for another', async () => {
    const { lines, log } = logging();
    const database = await openDatabase({ ...place(), log });
    lines.splice(0);
    await Promise.all([
      database.db.execute(sql`select pg_sleep(${0.15})`),
      database.db.execute(sql`select ${'quick'}::text`),
    ]);
    await database.close();
    const slow = lines.filter(({ level }) => level === 'warn');
    expect(slow.map(({ details }) => details.query)).toEqual(['select pg_sleep($1)']);
  });
}

describe('the embedded database', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await preparedData('hive-queries-');
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  logsQueries(() => ({ dataDir }));
});

describeWith(postgres, 'PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  logsQueries(() => ({ databaseUrl: database.url, dataDir: '/nowhere/unused' }));
});
