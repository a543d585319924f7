import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { untilJudged } from '../../../test/until-judged.js';
import { hive } from './hive-process.js';
import type { VerifyReport } from './verify-report.js';

let practice: Practice;
let data: string;
beforeAll(async () => {
  practice = await startPractice({ workers: 4, serviceMs: 10 });
  data = await preparedData('hive-verify-');
});
afterAll(async () => {
  await practice.close();
  rmSync(data, { recursive: true });
});

/** As long as the machine is too busy to judge, it is asked again. */
async function asked(args: readonly string[]): Promise<{ code: number | null; report: VerifyReport }> {
  return untilJudged(
    'hive verify',
    async () => {
      const { code, stdout } = await hive(['verify', '--json', '--run-anyway', '--data', data, ...args]);
      return { code, report: JSON.parse(stdout) as VerifyReport };
    },
    ({ report: { answer, reason } }) => ({ status: answer === 'undecided' ? 'invalid' : 'valid', reasons: [reason] }),
  );
}

/** On a busy machine runs are repeated. */
const PATIENT = 300_000;

describe('hive verify', { timeout: PATIENT }, () => {
  it('answers no after two runs that broke, and sends no more than was asked for', async () => {
    const { code, report } = await asked(['--at', '600/s', '--for', '5s', practice.url]);
    for (const { intensity } of report.runs) expect(intensity).toBe(600);
    expect([report.answer, code]).toEqual(['no', 99]);
    expect(report.runs.length).toBeGreaterThanOrEqual(2);
  });

  it('answers no where the service stops answering under the load, and cannot start where it never answered', async () => {
    const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    let answered = 0;
    server.on('request', () => {
      // Past the look at rest, and well into the load.
      if ((answered += 1) < 500) return;
      server.close();
      server.closeAllConnections();
    });
    const { code, report } = await asked(['--at', '200/s', '--for', '5s', url]);
    expect([report.answer, code, report.end_code]).toEqual(['no', 99, 'target_unreachable']);
    expect(report.reason).toContain('stopped answering');
    expect((await hive(['verify', '--at', '200/s', url])).code).toBe(106);
  });
});
