import pg from 'pg';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { createTestDatabase, describeWith, postgres } from '../../../../test/services.js';
import { openPostgres } from '../../src/store/postgres.js';
import { migrate, openStore, type OpenedStore } from '../../src/store/open.js';
import { daysConformance } from './days-conformance.js';
import { createPostgresOf010 } from './earlier.js';
import { earlierConformance } from './earlier-conformance.js';
import { applyConformance } from './apply-conformance.js';
import { channelsConformance } from './channels-conformance.js';
import { incidentsConformance } from './incidents-conformance.js';
import { labelsConformance } from './labels-conformance.js';
import { storeConformance, storeTime } from './conformance.js';
import { marksConformance } from './marks-conformance.js';
import { minutesConformance } from './minutes-conformance.js';
import { resultsConformance } from './results-conformance.js';
import { sampleTarget } from './samples.js';

const dataDir = '/nowhere/unused';

describeWith(postgres, 'the store on PostgreSQL', () => {
  let store: OpenedStore;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openStore({ databaseUrl: database.url, dataDir, now: () => storeTime.at });
  }, 30_000);
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  storeConformance(() => store);
  labelsConformance(() => store);
  incidentsConformance(() => store);
  applyConformance(() => store);
  channelsConformance(() => store);
  resultsConformance(
    () => store,
    (at) => {
      storeTime.at = at;
    },
  );
  marksConformance(
    () => store,
    (at) => {
      storeTime.at = at;
    },
  );
  minutesConformance(
    () => store,
    (at) => {
      storeTime.at = at;
    },
  );

  it('shares one database between instances', async () => {
    const other = await openStore({ databaseUrl: database.url, dataDir });
    const target = sampleTarget();
    await store.saveTarget(target);
    expect(await other.getTarget(target.id)).toEqual(target);
    await other.close();
    await other.close();
    await expect(other.ping()).rejects.toMatchObject({ code: 'database_unreachable' });
  });

  it('migrates once, however many start together', async () => {
    const empty = await createTestDatabase();
    try {
      const applied = await Promise.all(Array.from({ length: 5 }, () => migrate({ databaseUrl: empty.url, dataDir })));
      expect(applied.filter((count) => count > 0)).toHaveLength(1);
      expect(await migrate({ databaseUrl: empty.url, dataDir })).toBe(0);
    } finally {
      await empty.drop();
    }
  }, 30_000);

  itSlow(
    'refuses a database made by a newer version',
    async () => {
      const newer = await createTestDatabase();
      try {
        await migrate({ databaseUrl: newer.url, dataDir });
        await query(newer.url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 9e15)`);
        for (const opening of [openStore, migrate]) {
          const refused = opening({ databaseUrl: newer.url, dataDir });
          await expect(refused).rejects.toMatchObject({
            code: 'database_newer',
            message: expect.stringContaining('newer'),
          });
        }
      } finally {
        await newer.drop();
      }
    },
    30_000,
  );

  it('uses the indexes for the newest rows', async () => {
    const statements = [
      'select * from performance_metrics order by timestamp desc, id desc limit 10',
      `select * from performance_metrics where scenario_id = 'x' order by timestamp desc, id desc limit 10`,
      'select * from test_scenarios order by created_at desc, id desc limit 10',
      'select * from training_sessions order by started_at desc, id desc limit 10',
    ];
    for (const statement of statements) {
      const plan = await query(
        database.url,
        `set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off; explain ${statement}`,
      );
      expect(plan).toContain('Index Scan');
      // Within one time, at most: an index gives the order of the times.
      expect(plan.replaceAll('Incremental Sort', '')).not.toMatch(/-> {2}Sort/);
    }
  });

  it('survives that the server ends its connections', async () => {
    await query(
      database.url,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await expect
      .poll(
        () =>
          store.ping().then(
            () => 'up',
            () => 'down',
          ),
        { timeout: 10_000 },
      )
      .toBe('up');
  }, 15_000);

  it('says which database cannot be used, without the password', async () => {
    const url = new URL(database.url);
    url.password = 'secret';
    url.pathname = '/hive_test_missing';
    await unreachable(url.href, /hive_test_missing/);
  });
});

describeWith(postgres, 'the days of a PostgreSQL', () => {
  daysConformance(async () => {
    const made = await createTestDatabase();
    const opened = await openPostgres(made.url);
    return {
      db: opened.db,
      async end() {
        await opened.close();
        await made.drop();
      },
    };
  });
});

// The embedded one is made from nothing for this: earlier.slow.test.ts does it.
describeWith(postgres, 'a PostgreSQL of 0.1.0', () => earlierConformance(1_000, createPostgresOf010));

describe('a PostgreSQL that cannot be reached', () => {
  it('is an error on one line without the password: refused', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await unreachable(`postgres://user:secret@127.0.0.1:${port}/hive`, /ECONNREFUSED/);
  });

  itSlow(
    'is an error within seconds: it accepts and never answers',
    async () => {
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        sockets.push(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await unreachable(`postgres://user:secret@127.0.0.1:${port}/hive`, /timeout/);
      for (const socket of sockets) socket.destroy();
      server.close();
    },
    15_000,
  );

  it.each(['not a url', 'mysql://user:secret@127.0.0.1/hive', 'postgres://user:secret@127.0.0.1:99999/hive'])(
    'is an error: %s',
    (url) => unreachable(url, /URL/),
  );
});

async function unreachable(databaseUrl: string, reason: RegExp): Promise<void> {
  const error: unknown = await openStore({ databaseUrl, dataDir }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'database_unreachable', hint: expect.stringContaining('DATABASE_URL') });
  expect(String(error)).toMatch(reason);
  expect(String(error)).not.toMatch(/secret|\n/);
}

async function query(url: string, statement: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const results = [await client.query(statement)].flat();
    return results.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row))).join('\n');
  } finally {
    await client.end();
  }
}
