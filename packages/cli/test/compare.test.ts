import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnLimit } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import type { ReportData } from '@hive/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hive, hiveHosted, startHive } from './hive-process.js';

/** What the run measured is usable, however busy this machine was. */
function usable(report: ReportData): ReportData {
  const validity = { status: 'valid' as const, reasons: [] };
  const runs = report.runs.map((run) => ({ ...run, outcome: 'passed' as const, result: { ...run.result, validity } }));
  return { ...report, runs, verdict: { ...report.verdict, trust: 'valid' } };
}

/** What a report file of the terminal is read from, whose limit is then another one. */
function withOwn(report: ReportData, estimate: number): ReportData {
  const ends = { estimate, low: 0.96 * estimate, high: estimate / 0.96 };
  const own: OwnLimit = { status: 'known', ...ends, band: null, safe: null, seconds: 120, scenarios: 8 };
  const limit = { ...own, kind: 'load_balancing', unit: 'requests/s', method: 'belief', level: 0.95 } as const;
  const more = { horizonSeconds: 30, binding: null, updatedAt: report.made.at, own };
  const session = { ...report.session, id: `ses_${estimate}`, mode: 'train' as const };
  return { ...report, session, limits: [{ ...limit, ...more }] };
}

describe('hive compare', () => {
  /** Names a database that no process could reach: report files must not need one. */
  const alone = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  let folder: string;
  let practice: Practice;
  let report: ReportData;
  const file = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hive-compare-'));
    practice = await startPractice({ workers: 4, serviceMs: 5 });
    await hive(['run', '-r', '100/s', '-d', '1s', '--data', file('none'), '--report', file('run.json'), practice.url]);
    report = usable(JSON.parse(readFileSync(file('run.json'), 'utf8')) as ReportData);
    writeFileSync(file('run.json'), JSON.stringify(report));
    for (const region of ['eu', 'us'])
      writeFileSync(file(`${region}.yaml`), `url: ${practice.url}\nregions: { ${region}: 1 }\n`);
    for (const estimate of [400, 404, 300, 520])
      writeFileSync(file(`${estimate}.json`), JSON.stringify(withOwn(report, estimate)));
  });
  afterAll(async () => {
    await practice.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['300.json', 91, 'Worse: Max rate 400 requests/s → 300 requests/s, −25.0 % (−32.2 to −17.0)'],
    ['520.json', 0, 'Better: Max rate 400 requests/s → 520 requests/s, +30.0 %'],
    ['run.json', 90, 'Not comparable: one is a session that looked for limits, the other a run of one load'],
  ])('says of 400/s and of %s with exit code %i: %s', async (candidate, exitCode, text) => {
    const { code, stdout } = await hiveHosted(['compare', file('400.json'), file(candidate)], alone);
    expect([code, stdout]).toEqual([exitCode, expect.stringContaining(text)]);
  });

  it('that shows nothing passes with a line that says so, and with --strict it does not', async () => {
    const asked = ['compare', file('400.json'), file('404.json')];
    const usual = await hiveHosted(asked, alone);
    expect([usual.code, usual.stderr]).toEqual([0, expect.stringContaining('no change was shown')]);
    expect(usual.stdout).toMatch(/not shown either way; a change of \d+(\.\d+)? % would have been seen/);
    expect((await hiveHosted([...asked, '--strict'], alone)).code).toBe(90);
  });

  it('prints one object for programs', async () => {
    const { code, stdout } = await hiveHosted(['compare', file('400.json'), file('300.json'), '--json'], alone);
    expect(code).toBe(91);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      answer: 'worse',
      tolerance: 0.1,
      items: [{ of: 'limit', name: 'load_balancing', ratio: expect.closeTo(0.75, 6) }],
    });
  });

  it('of two load tests shows figures, and names what would show more', async () => {
    const { code, stdout } = await hiveHosted(['compare', file('run.json'), file('run.json')], alone);
    expect(code).toBe(0);
    expect(stdout).toContain('Response time p95');
    expect(stdout).toContain('hive compare --confirm');
  });

  it.each([
    [['nothing', '400.json'], /no session is stored in .*none/],
    [['--pairs', '9', '400.json', '300.json'], /--pairs: needs --confirm/],
    [['--on-lost-bee', 'continue', '400.json', '300.json'], /--on-lost-bee: needs --confirm/],
    [['--confirm', '-r', '9/s', 'eu.yaml', 'us.yaml'], /regions: base and candidate name different ones/],
    [['--confirm', '--fleet', '-r', '9/s', 'eu.yaml', 'us.yaml'], /HIVE_FLEET_KEYS is not set/],
    [['--gate', 'p42', '400.json', '300.json'], /'p42' is not a metric/],
    [['--tolerance', '95%', '400.json', '300.json'], /Write a share from 1% to 90%/],
  ])('refuses %j', async (args, message) => {
    const names = args.map((one) => (/\.(json|yaml)$/.test(one) ? file(one) : one));
    const { code, stderr } = await hiveHosted(['compare', ...names, '--data', file('none')]);
    expect([code, stderr]).toEqual([104, expect.stringMatching(message)]);
  });

  it('measures two services in turn, after it said what that takes, and stops at once', async () => {
    const running = startHive([
      'compare',
      '--confirm',
      '-r',
      '20/s',
      practice.url,
      practice.url,
      '--data',
      file('none'),
    ]);
    await running.prints(
      'stderr',
      /20 requests\/s to one and to the other in turn, 8 to 20 pairs of runs: 10 to 25 minutes/,
    );
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(105);
  });

  it('needs a rate where no safe rate of the base is known', async () => {
    const { code, stderr } = await hiveHosted([
      'compare',
      '--confirm',
      practice.url,
      practice.url,
      '--data',
      file('none'),
    ]);
    expect([code, stderr]).toEqual([104, expect.stringContaining('--rate: no safe rate is known for ')]);
  });
});
