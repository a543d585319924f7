import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPractice, type Practice } from '@hive/engine';
import { parseReport } from '@hive/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted, startHive } from './hive-process.js';

describe('hive report', () => {
  let folder: string;
  let practice: Practice;
  let data: string;
  let file: string;
  /** Names a database that no process could reach: a report file must not need one. */
  const alone = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hive-report-'));
    practice = await startPractice({ workers: 4, serviceMs: 5 });
    data = await preparedData('hive-report-data-');
    file = join(folder, 'run.json');
    const page = join(folder, 'run.html');
    const args = [
      'run',
      '-r',
      '100/s',
      '-d',
      '1s',
      '--save',
      '--data',
      data,
      '--report',
      file,
      '--report',
      page,
      practice.url,
    ];
    const { stderr } = await hive(args);
    expect(stderr).toContain(`hive: report written to ${file}`);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
  });
  afterAll(async () => {
    await practice.close();
    for (const path of [folder, data]) rmSync(path, { recursive: true });
  });

  it('of a file needs no server, no database and no data directory', async () => {
    const { code, stdout, stderr } = await hiveHosted(['report', file, '--data', join(folder, 'nowhere')], alone);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Load test of /);
    expect(stdout).toContain('Method and settings for replay');
    expect(readdirSync(folder)).not.toContain('nowhere');
  });

  it('writes several formats into a directory, named after the session', async () => {
    const out = join(folder, 'out', 'deep');
    const { code, stdout } = await hiveHosted(['report', file, '--format', 'md,junit', '--out', out], alone);
    const { session } = parseReport(readFileSync(file), file);
    const names = [`${session.id}.md`, `${session.id}.xml`];
    expect([code, readdirSync(out).toSorted()]).toEqual([0, names]);
    expect(stdout.trim().split('\n')).toEqual(names.map((name) => join(out, name)));
  });

  it('takes the newest stored session, or the one that is named', async () => {
    const { session } = parseReport(readFileSync(file), file);
    for (const named of [[], [session.id]]) {
      const { code, stdout } = await hiveHosted(['report', ...named, '--json', '--data', data]);
      expect(code).toBe(0);
      const read = parseReport(Buffer.from(stdout), 'stdout');
      expect(read.session.id).toBe(session.id);
      expect(read.runs.map(({ result }) => result)).toEqual(
        parseReport(readFileSync(file), file).runs.map(({ result }) => result),
      );
    }
  });

  it('asks the running Hive that holds the data', async () => {
    const running = startHive(['up', '--no-dashboard', '--port', '0', '--data', data, '--json'], {
      HIVE_TOKEN: 'secret',
    });
    try {
      await running.prints('stdout', /\n/);
      const { code, stdout } = await hiveHosted(['report', '--format', 'badge', '--data', data], {
        HIVE_TOKEN: 'secret',
      });
      expect([code, stdout.slice(0, 4)]).toEqual([0, '<svg']);
    } finally {
      running.child.kill('SIGTERM');
      await running.ended;
    }
  });

  it('refuses hostile files in words, with exit code 104', async () => {
    const deep = join(folder, 'deep.json');
    const huge = join(folder, 'huge.json');
    const lying = join(folder, 'lying.json');
    writeFileSync(deep, '['.repeat(100_000));
    writeFileSync(huge, '');
    // A hole in the file: no space is used.
    truncateSync(huge, 3 * 1024 ** 3);
    const report = parseReport(readFileSync(file), file);
    const [run] = report.runs;
    run!.responseTime = Buffer.from('no histogram').toString('base64');
    writeFileSync(lying, JSON.stringify(report));
    for (const [path, problem] of [
      [deep, 'is nested deeper than 32 levels'],
      [huge, 'is larger than 64 MiB'],
      [lying, 'runs.0.responseTime: is not an HdrHistogram'],
      [folder, 'is not a file'],
      [join(folder, 'gone.json'), 'is neither a file nor the id of a session'],
    ] as const) {
      const { code, stderr, stdout } = await hiveHosted(['report', path], alone);
      expect([code, stdout]).toEqual([104, '']);
      expect(stderr).toContain(problem);
    }
  });

  it('says what does not fit on stdout, and which formats there are', async () => {
    const several = await hiveHosted(['report', file, '--format', 'md,csv'], alone);
    expect([several.code, several.stderr]).toEqual([104, expect.stringContaining('name a directory with --out DIR')]);
    const unknown = await hiveHosted(['report', file, '--format', 'doc'], alone);
    expect([unknown.code, unknown.stderr]).toEqual([104, expect.stringContaining("'doc' is not a format")]);
  });

  it('that cannot be written in the end is said, and the result stands alone on stdout: 1', async () => {
    const gone = join(folder, 'gone');
    mkdirSync(gone);
    const path = join(gone, 'run.html');
    const running = startHive(['run', '-r', '20/s', '-d', '2s', '--json', '--report', path, practice.url]);
    await running.prints('stderr', /sent/);
    rmSync(gone, { recursive: true });
    const { code, stdout, stderr } = await running.ended;
    expect(stderr).toContain(`hive: report not written: --report: ${path} cannot be written (ENOENT)`);
    const { verdict } = JSON.parse(stdout) as { verdict: string };
    if (verdict === 'passed') expect(code).toBe(1);
    else expect([verdict, code]).toEqual(['undecided', 90]);
  });

  it('leaves no file behind where nothing could be measured, and leaves one alone that was there', async () => {
    const path = join(folder, 'none.html');
    const kept = join(folder, 'kept.html');
    writeFileSync(kept, 'before');
    const args = ['--report', path, '--report', kept, '--data', data, 'http://127.0.0.1:1/'];
    expect((await hiveHosted(['train', ...args])).code).toBe(106);
    expect([existsSync(path), readFileSync(kept, 'utf8')]).toEqual([false, 'before']);
  });

  it('names the option whose file cannot be written', async () => {
    const taken = join(folder, 'taken');
    const { session } = parseReport(readFileSync(file), file);
    mkdirSync(join(taken, `${session.id}.md`), { recursive: true });
    const { code, stderr } = await hiveHosted(['report', file, '--format', 'md', '--out', taken], alone);
    expect([code, stderr]).toEqual([104, expect.stringMatching(/^hive: --out: .* cannot be written \(EISDIR\)/)]);
  });

  it('is refused before anything is measured where it cannot be written', async () => {
    for (const [path, problem] of [
      [join(folder, 'none', 'a.html'), 'cannot be written (ENOENT)'],
      [join(folder, 'a.doc'), 'does not end like any report format'],
    ] as const) {
      const { code, stderr } = await hiveHosted(['run', '-d', '1s', '--report', path, practice.url]);
      expect([code, stderr]).toEqual([104, expect.stringContaining(problem)]);
    }
  });
});
