import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, describeWith, postgres } from '../../../../test/services.js';
import { startTestServer, type TestServer } from '../test-server.js';
import { fill, type Filled } from './filled.js';
import { pathsOf, recordStatements, sequentialReads } from './plans.js';

/** Files, which are streamed, however long they take. */
const isDownload = (path: string): boolean => path.includes('format=');
const MOST_MS = 100;
/** The first answer fills the caches of the database, and of Hive. */
const ATTEMPTS = 4;

describeWith(postgres, 'with a million values and 10,000 runs, the API', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let recording: ReturnType<typeof recordStatements>;
  let server: TestServer;
  let client: pg.Client;
  let filled: Filled;
  beforeAll(async () => {
    database = await createTestDatabase();
    filled = await fill(database.url, { runs: 10_000, values: 1_000_000 });
    recording = recordStatements();
    server = await startTestServer({ databaseUrl: database.url });
    client = new pg.Client(database.url);
    await client.connect();
  }, 600_000);
  afterAll(async () => {
    recording.stop();
    await client.end();
    await server.end();
    await database.drop();
  });

  it('reads no table that grows from its beginning to its end', async () => {
    const { statements } = recording;
    statements.length = 0;
    const found: string[] = [];
    for (const [, path] of pathsOf(filled))
      found.push(...(await sequentialReads(server, { path, statements, client })));
    expect(found).toEqual([]);
  });

  it('answers within 100 ms', async () => {
    const slow: string[] = [];
    for (const [, path] of pathsOf(filled)) {
      if (isDownload(path)) continue;
      let least = Infinity;
      for (let attempt = 0; attempt < ATTEMPTS && least > MOST_MS; attempt += 1) {
        const begunMs = performance.now();
        await server.app.inject(path);
        least = Math.min(least, performance.now() - begunMs);
      }
      if (least > MOST_MS) slow.push(`${path}: ${Math.round(least)} ms`);
    }
    expect(slow).toEqual([]);
  });
});
