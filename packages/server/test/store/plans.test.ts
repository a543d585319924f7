import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, describeWith, postgres } from '../../../../test/services.js';
import { startTestServer, type TestServer } from '../test-server.js';
import { fill, type Filled } from './filled.js';
import { pathsOf, recordStatements, sequentialReads } from './plans.js';

describeWith(postgres, 'a query of the API', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let recording: ReturnType<typeof recordStatements>;
  let server: TestServer;
  let client: pg.Client;
  let filled: Filled;
  beforeAll(async () => {
    database = await createTestDatabase();
    filled = await fill(database.url, { runs: 200, values: 5_600 });
    // Of small tables the database reads all, unless it is told to do so only where there is no other way.
    const databaseUrl = `${database.url}?options=${encodeURIComponent('-c enable_seqscan=off')}`;
    recording = recordStatements();
    server = await startTestServer({ databaseUrl });
    client = new pg.Client(databaseUrl);
    await client.connect();
  });
  afterAll(async () => {
    recording.stop();
    await client.end();
    await server.end();
    await database.drop();
  });

  it('has an index for everything that grows, whatever is asked', async () => {
    const { statements } = recording;
    statements.length = 0;
    const found: string[] = [];
    for (const [, path] of pathsOf(filled))
      found.push(...(await sequentialReads(server, { path, statements, client })));
    expect(found).toEqual([]);
  }, 240_000);
});
