import { rm } from 'node:fs/promises';
import { HiveError, newExecutionId, newTrainingId, toTarget } from '@hive/contract';
import { learnLimits, type TrainingEvent } from '@hive/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { dataHeld, dataHolder, openData, type DataHere, type OwnSession } from '../src/index.js';
import { sampleResult, sampleScenario } from './store/samples.js';
import { startTestServer } from './test-server.js';

const target = toTarget({ url: 'http://127.0.0.1:9' }, 'shop');
let dataDir: string;
beforeEach(async () => {
  dataDir = await preparedData('hive-data-');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function here(): Promise<DataHere> {
  const data = await openData({ databaseUrl: null, dataDir });
  if ('here' in data) return data.here;
  throw new Error('is held');
}

/** A session of one scenario. */
function session(change: Partial<OwnSession> = {}): OwnSession {
  const scenario = sampleScenario(target.id);
  async function* events(): AsyncGenerator<TrainingEvent> {
    yield { type: 'scenario_started', scenario, reason: 'to begin with', plannedMs: 1_000 };
    const none = { responseTime: null, serviceTime: null };
    yield { type: 'scenario_completed', scenario, result: sampleResult(), ...none };
    yield { type: 'ended', code: 'goal', reason: 'the limits are known', stopped: false, limits: [] };
  }
  const { signal } = new AbortController();
  return {
    sessionId: newTrainingId(),
    target,
    kinds: ['load_balancing'],
    budgetSeconds: 60,
    signal,
    events,
    ...change,
  };
}

describe('the data, where no one holds it', () => {
  it('is open here: sessions are kept, and teach', async () => {
    const data = await here();
    expect(await data.history(target)).toEqual([]);
    const kept = session();
    await data.keep(kept);
    // A plain run does not change what is stored of its target.
    await data.keep(session({ sessionId: newExecutionId(), target: { ...target, objectives: ['avg<9'] } }));
    const history = await data.history(target);
    expect(history).toMatchObject([{ sessionId: kept.sessionId, scenario: { intensity: 400 } }]);
    const limits = learnLimits(target, history);
    expect((await data.query('targetLimits', { params: { id: 'shop' } })).limits).toEqual(limits);
    const others = { ...target, objectives: ['avg<9'] };
    expect(await data.history(others)).toEqual([]);
    await data.keep(session({ precision: 0.1, holdSeconds: 60, maxRatePerSecond: 50, maxConnections: 5 }));
    const [newest] = (await data.query('listSessions')).sessions;
    expect(newest).toMatchObject({
      precision: 0.1,
      hold_seconds: 60,
      max_rate_per_second: 50,
      max_connections: 5,
    });
    await data.close();

    const again = await here();
    expect((await again.query('listTargets')).targets).toEqual([target]);
    const { sessions, next } = await again.query('listSessions', { query: { limit: 1 } });
    expect([sessions.length, next]).toEqual([1, expect.any(String)]);
    const found = await again.query('getSession', { params: { id: kept.sessionId } });
    expect(found).toMatchObject({ status: 'completed', end_reason: 'the limits are known', scenarios: [{}] });
    await expect(again.query('getSession', { params: { id: 'nobody' } })).rejects.toMatchObject({ code: 'not_found' });
    await again.close();
  });

  it('keeps how a session that is stopped or breaks off ended', async () => {
    const data = await here();
    const stopping = new AbortController();
    const stopped = session({
      signal: stopping.signal,
      async *events(signal) {
        stopping.abort();
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
          if (signal.aborted) resolve(null);
        });
        yield { type: 'ended', code: 'stopped', reason: 'stopped', stopped: true, limits: [] };
      },
    });
    await data.keep(stopped);
    const broken = session({
      async *events() {
        yield { type: 'alert', severity: 'info', text: 'about to break' };
        throw new HiveError('target_unreachable', 'nobody answers');
      },
    });
    await expect(data.keep(broken)).rejects.toMatchObject({ code: 'target_unreachable' });
    const statusOf = async ({ sessionId }: OwnSession) =>
      (await data.query('getSession', { params: { id: sessionId } })).status;
    expect([await statusOf(stopped), await statusOf(broken)]).toEqual(['stopped', 'failed']);
    await data.close();
  });
});

describe('the data, where another holds it', () => {
  it('is asked for at a running Hive', async () => {
    const server = await startTestServer({ dataDir });
    expect(await openData({ databaseUrl: null, dataDir })).toEqual({ at: server.url });
    expect(await dataHolder(dataDir)).toEqual({ at: server.url });
    await server.close();
    expect(await dataHolder(dataDir)).toBeNull();
  });

  it('cannot be asked for at another command, and the error says what to do', async () => {
    const data = await here();
    expect(await openData({ databaseUrl: null, dataDir })).toEqual({ heldBy: process.pid });
    expect(await dataHolder(dataDir)).toEqual({ heldBy: process.pid });
    expect(dataHeld(dataDir, { pid: 7 })).toMatchObject({
      code: 'data_directory',
      exitCode: 106,
      message: expect.stringContaining('(pid 7)') as string,
      hint: expect.stringContaining('--data') as string,
    });
    await data.close();
  });

  it('is an error where it cannot be opened at all', async () => {
    await expect(openData({ databaseUrl: 'postgres://127.0.0.1:1/none', dataDir })).rejects.toMatchObject({
      code: 'database_unreachable',
    });
  });
});
