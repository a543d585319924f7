import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScenarioRow } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { parseReport } from '@hive/report';
import { openData } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted, startHive } from './hive-process.js';

interface Report {
  session_id: string;
  verdict: string;
  end_code: string;
  expectations: { kind: string; outcome: string }[];
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
    const nothing = await hiveHosted(['train', '--resume', '--data', data]);
    expect([nothing.code, nothing.stderr]).toEqual([104, expect.stringContaining('no session that could be resumed')]);
    const both = await hiveHosted(['train', '--resume', 'ses', practice.url, '--data', data]);
    expect([both.code, both.stderr]).toEqual([104, expect.stringContaining('the session knows its target')]);
    expect((await hiveHosted(['train', '--data', data])).code).toBe(104);
  });

  it('refuses by name what a session cannot be given later', async () => {
    const decided = ['--kinds', 'all', '--budget', '9m', '-H', 'a: b', '--max-rate', '9/s'];
    const { code, stderr } = await hiveHosted(['train', '--resume', '--quiet', ...decided, '--data', data]);
    expect(code).toBe(104);
    for (const name of ['--kinds', '--budget', '--header', '--max-rate']) expect(stderr).toContain(name);
    expect(stderr).not.toContain('--quiet');
  });

  itSlow(
    'goes on where a killed process stopped: every finished run is there, and the budget goes on',
    async () => {
      const killed = startHive(['train', '--run-anyway', '--budget', '30s', '--data', data, practice.url]);
      await killed.prints('stderr', /Request rate +ramp +(?!stopped)[\w–]/);
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

      const file = join(data, 'resumed.json');
      const also = ['--report', file, '--expect', 'load_balancing>=100000'];
      const unfit = await hive(['train', '--resume', '--expect', 'concurrent_requests>=1', '--data', data]);
      expect([unfit.code, unfit.stderr]).toEqual([104, expect.stringContaining('concurrent_requests is not among')]);
      const { code, stdout, stderr } = await hive(['train', '--resume', '--json', ...also, '--data', data]);
      expect(stderr).toContain(`session ${before.id} goes on`);
      const report = JSON.parse(stdout) as Report;
      expect(report.expectations).toMatchObject([{ kind: 'load_balancing', outcome: 'failed' }]);
      if (report.verdict === 'failed') expect(code).toBe(99);
      else expect([report.verdict, code]).toEqual(['undecided', 90]);
      const { session, expectations } = parseReport(readFileSync(file), file);
      expect([session.id, expectations]).toEqual([before.id, report.expectations]);
      expect(report.session_id).toBe(before.id);
      expect(['goal', 'budget']).toContain(report.end_code);
      expect(report.seconds).toBeGreaterThan(5);
      expect(report.seconds).toBeLessThan(33);
      expect(report.scenarios.map(({ id }) => id)).toEqual(expect.arrayContaining(finished));
      expect(report.scenarios.length).toBeGreaterThan(finished.length);
      const again = await hive(['train', '--resume', report.session_id, '--data', data]);
      expect([again.code, again.stderr]).toEqual([104, expect.stringContaining('nothing is left to do')]);
    },
    120_000,
  );
});
