import { HiveError, type SessionRow } from '@hive/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { dataHolder } from '../../src/index.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

const servers: TestServer[] = [];
const start = async (...input: Parameters<typeof startTestServer>): Promise<TestServer> => {
  const server = await startTestServer(...input);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.end();
});
const failure = async (run: Promise<unknown>): Promise<HiveError> => {
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof HiveError) return error;
  throw new Error(`expected a HiveError, saw ${String(error)}`);
};

describe('the life of a server', () => {
  it('keeps its history over a restart, the running session stopped and stored', async () => {
    const first = await start();
    first.load.tickEveryMs = 50;
    await first.ask('POST', '/api/targets', TARGET);
    const { body } = await first.ask('POST', '/api/training/start');
    await first.until(({ current }) => current !== null);
    const closingAt = performance.now();
    await first.close();
    await first.close();
    expect(performance.now() - closingAt).toBeLessThan(3_000);

    const second = await start({ dataDir: first.dataDir });
    const session = (await second.ask<SessionRow>('GET', `/api/sessions/${body.session_id}`)).body;
    expect(session).toMatchObject({ status: 'stopped' });
    expect(session.ended_at).not.toBeNull();
    expect((await second.ask('GET', '/api/training/status')).body).toMatchObject({
      running: false,
      session_id: body.session_id,
    });
  });

  it('tells other processes where it answers', async () => {
    const server = await start();
    expect(await dataHolder(server.dataDir)).toEqual({ at: server.url });
  });

  itSlow('names the port that is taken, and how to fix it', async () => {
    const server = await start();
    const error = await failure(start({ port: server.address.port }));
    expect(error.code).toBe('port_taken');
    expect(error.exitCode).toBe(106);
    expect(error.message).toContain(String(server.address.port));
    expect(error.hint).toContain('--port');
  });

  itSlow('does not share its data directory', async () => {
    const server = await start();
    expect((await failure(start({ dataDir: server.dataDir }))).code).toBe('data_directory');
    expect((await server.ask('GET', '/api/health')).status).toBe(200);
  });
});
