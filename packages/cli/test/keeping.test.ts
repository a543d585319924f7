import { rm } from 'node:fs/promises';
import { createClient, type Client, type Scenario, type SessionRow } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { openData, type DataHere } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted, startHive, type HiveProcess } from './hive-process.js';
import { trainJudged } from './judged-training.js';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice({ workers: 4, serviceMs: 5 });
});
afterAll(() => practice.close());

const run = (data: string, ...more: string[]): string[] => {
  return ['run', '-r', '400/s', '-d', '1100ms', '--data', data, ...more, practice.url];
};
const train = (data: string): string[] => {
  return ['--kinds', 'load_balancing', '--budget', '5s', '--data', data, practice.url];
};
const openHere = async (dataDir: string): Promise<DataHere> => {
  const data = await openData({ databaseUrl: null, dataDir });
  if ('here' in data) return data.here;
  throw new Error(`${dataDir} is held`);
};
const WRONG = { HIVE_API_TOKEN: 'wrong' };
const folder = (): Promise<string> => preparedData('hive-keeping-');

describe('results of the command line beside a running Hive', () => {
  const withToken = { HIVE_TOKEN: 'secret' };
  let data: string;
  let running: HiveProcess;
  let api: string;
  let client: Client;
  beforeAll(async () => {
    data = await folder();
    running = startHive(['up', '--no-dashboard', '--port', '0', '--data', data, '--json'], withToken);
    ({ api } = JSON.parse(await running.prints('stdout', /\n/)) as { api: string });
    client = createClient({ baseUrl: api, token: 'secret' });
  });
  afterAll(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
    await rm(data, { recursive: true });
  });
  const newest = async (): Promise<SessionRow | undefined> => (await client.call('listSessions')).sessions[0];

  it('of a run are sent to it, and both say so', async () => {
    const { stderr } = await hive(run(data), withToken);
    expect(stderr).toContain(`hive: results will be sent to the running Hive at ${api}`);
    const session = await newest();
    expect(session).toMatchObject({ status: 'completed', kinds: ['load_balancing'], total_scenarios: 1, limits: [] });
    expect(stderr).toContain(`hive: results stored: ${api}/api/sessions/${session?.id}`);
    const { scenarios } = await client.call('getSession', { params: { id: session?.id ?? '' } });
    const { windows, results } = await client.call('getScenario', { params: { id: scenarios[0]?.id ?? '' } });
    expect(windows.length).toBeGreaterThan(0);
    const planned = windows.reduce((sum, { counts }) => sum + counts.planned, 0);
    expect(results?.measurement?.counts.planned).toBe(planned);
  });

  it('of a session that learns are sent too, and taught something', async () => {
    const { report, stderr } = await trainJudged(train(data), withToken);
    const { session_id: id, target } = report;
    expect(stderr).toContain(`${api}/api/sessions/${id}`);
    const session = await client.call('getSession', { params: { id } });
    expect(session).toMatchObject({ status: 'completed', budget_seconds: 5, target_id: target });
    expect(session.scenarios.length).toBeGreaterThan(0);
    const { limits } = await client.call('targetLimits', { params: { id: target } });
    expect(limits.find(({ kind }) => kind === 'load_balancing')?.scenarios).toBeGreaterThan(0);
  });

  it('are what hive limits shows, as the running Hive itself does', async () => {
    const args = ['limits', '--data', data, '--json'];
    const { stdout, stderr } = await hiveHosted(args, withToken);
    const { targets } = JSON.parse(stdout) as { targets: { target: string; limits: unknown }[] };
    expect(stderr).toBe('');
    const [one] = targets as [{ target: string; limits: unknown }];
    expect(targets).toEqual([await client.call('targetLimits', { params: { id: one.target } })]);
    // Whoever can read the data directory is its admin, without a token.
    expect(JSON.parse((await hiveHosted(args)).stdout)).toEqual({ ...JSON.parse(stdout) });
    expect(await hiveHosted(args, WRONG)).toMatchObject({
      code: 104,
      stderr: expect.stringContaining('token') as string,
    });
  });

  it('are what hive generate goes by, as the running Hive itself does', async () => {
    const args = ['generate', '--kind', 'load_balancing', '--data', data, '--json', practice.url];
    const { stdout, stderr } = await hiveHosted(args, withToken);
    const { target, scenarios } = JSON.parse(stdout) as { target: string; scenarios: Scenario[] };
    expect(stderr).toBe('');
    const body = { target, kind: 'load_balancing', difficulty: 'medium', seed: 1 } as const;
    const { intensity } = await client.call('generateScenario', { body });
    expect(scenarios).toMatchObject([{ intensity }]);
    expect((await hiveHosted(args, WRONG)).stderr).toMatch(/earlier results are not used: .* does not answer/);
  });

  it('of a run that was stopped are sent as far as it came', async () => {
    const one = startHive(['run', '-c', '2', '-d', '60s', '--data', data, practice.url], withToken);
    await one.prints('stderr', /good/);
    one.child.kill('SIGINT');
    expect((await one.ended).code).toBe(105);
    expect(await newest()).toMatchObject({ status: 'stopped', total_scenarios: 0 });
  });

  it('that it does not take are said not to be kept, and are told all the same', async () => {
    const before = await newest();
    const { code, stdout, stderr } = await hive(run(data, '--json'), WRONG);
    expect(stderr).toMatch(/results will not be stored: .* does not answer \(/);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: expect.any(String) });
    expect([0, 90]).toContain(code);
    expect(await newest()).toEqual(before);
  });
});

describe('results of the command line alone', () => {
  let data: string;
  beforeAll(async () => {
    data = await folder();
  });
  afterAll(() => rm(data, { recursive: true }));

  it('of a run are kept with --save, and nothing without', async () => {
    expect((await hive(run(data))).stderr).not.toContain('stored');
    const { stderr } = await hive(run(data, '--save'));
    const id = /results stored as session (exe_[\w-]+)/.exec(stderr)?.[1];
    const here = await openHere(data);
    const { sessions } = await here.query('listSessions');
    const { scenarios } = await here.query('getSession', { params: { id: id ?? '' } });
    const summary = await here.query('metricsSummary', { query: { session_id: id } });
    await here.close();
    expect(sessions.map((session) => session.id)).toEqual([id]);
    expect(scenarios).toMatchObject([{ scenario_type: 'load_balancing', intensity: 400 }]);
    expect(summary.response_time_ms.count).toBeGreaterThan(0);
  });

  it('cannot be kept while another command holds the data directory: a run that must keep them does not begin, 106', async () => {
    const here = await openHere(data);
    const { code, stderr } = await hiveHosted(run(data, '--save'));
    expect([code, stderr]).toEqual([106, expect.stringContaining(`in use by another Hive (pid ${process.pid})`)]);
    const training = startHive(['train', ...train(data)]);
    await training.prints('stderr', /results will not be stored/);
    training.child.kill('SIGKILL');
    await training.ended;
    expect((await hive(run(data, '--quiet'))).stderr).toBe('');
    // What is not looked at is not said to be nothing.
    const limits = await hiveHosted(['limits', '--data', data]);
    expect(limits).toMatchObject({
      code: 106,
      stdout: '',
      stderr: expect.stringContaining('in use by another') as string,
    });
    const generated = await hiveHosted(['generate', '--kind', 'load_balancing', '--data', data, practice.url]);
    expect(generated.code).toBe(0);
    expect(generated.stderr).toMatch(/earlier results are not used: .* in use by another Hive /);
    await here.close();
  });
});
