import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScenarioRow } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { openData } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, startHive } from './hive-process.js';

interface Report {
  session_id: string;
  end_code: string;
  seconds: number;
  scenarios: ScenarioRow[];
}

let practice: Practice;
let data: string;
beforeAll(async () => {
  practice = await startPractice({ workers: 4, serviceMs: 5 });
  data = await preparedData('hive-resume-');
});
afterAll(async () => {
  await practice.close();
  await rm(data, { recursive: true, force: true });
});

describe('hive train --resume', () => {
  it('has nothing to go on with at first, and takes no URL beside it', async () => {
    const nothing = await hive(['train', '--resume', '--data', data]);
    expect([nothing.code, nothing.stderr]).toEqual([104, expect.stringContaining('no session that could be resumed')]);
    const both = await hive(['train', '--resume', 'ses', practice.url, '--data', data]);
    expect([both.code, both.stderr]).toEqual([104, expect.stringContaining('the session knows its target')]);
    expect((await hive(['train', '--data', data])).code).toBe(104);
  });

  it('goes on where a killed process stopped: every finished run is there, and the budget goes on', async () => {
    const killed = startHive(['train', '--run-anyway', '--budget', '30s', '--data', data, practice.url]);
    await killed.prints('stderr', /Request rate +ramp +(?!stopped)\w/);
    // It is stored soon after it is printed.
    await sleep(1_500);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const opened = await openData({ databaseUrl: null, dataDir: data });
    if (!('here' in opened)) throw new Error('the data are held by the dead');
    const [newest] = (await opened.here.query('listSessions')).sessions;
    const before = await opened.here.query('getSession', { params: { id: newest?.id ?? '' } });
    await opened.here.close();
    const finished = before.scenarios.filter(({ results }) => results !== null).map(({ id }) => id);
    expect(finished.length).toBeGreaterThan(0);

    const { code, stdout, stderr } = await hive(['train', '--resume', '--json', '--data', data]);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`session ${before.id} goes on`)]);
    const report = JSON.parse(stdout) as Report;
    expect(report.session_id).toBe(before.id);
    expect(['goal', 'budget']).toContain(report.end_code);
    expect(report.seconds).toBeGreaterThan(5);
    expect(report.seconds).toBeLessThan(33);
    expect(report.scenarios.map(({ id }) => id)).toEqual(expect.arrayContaining(finished));
    expect(report.scenarios.length).toBeGreaterThan(finished.length);
    const again = await hive(['train', '--resume', report.session_id, '--data', data]);
    expect([again.code, again.stderr]).toEqual([104, expect.stringContaining('nothing is left to do')]);
  }, 120_000);
});
