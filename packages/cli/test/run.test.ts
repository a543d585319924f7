import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPractice, type Practice, type RunReport } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../src/commands/run.js';
import { untilJudged } from '../../../test/until-judged.js';
import { hive, hiveHosted, startHive } from './hive-process.js';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice({ serviceMs: 5 });
});
afterAll(() => practice.close());

const LATENCY = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'];

describe('hive run', () => {
  it('prints one JSON object alone on stdout, whose counts add up', async () => {
    const { code, stdout, stderr } = await hive(['run', '-c', '4', '-d', '1s', '--json', practice.url]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const report = JSON.parse(stdout) as RunReport;
    expect(report).toMatchObject({ version: 1, validity: { reasons: expect.any(Array) }, errors: {} });
    for (const field of ['answered', 'failed', 'bytesIn', 'bytesOut', 'offeredPerSecond', 'durationMs'] as const) {
      expect([field, report[field]]).toEqual([field, expect.any(Number)]);
    }
    expect(report.planned).toBe(report.sent + report.dropped);
    expect(report.dropped).toBe(report.droppedTarget + report.droppedGenerator);
    expect(report.sent).toBe(report.answered + report.failed + report.timedOut + report.cutOff);
    expect(report.answered).toBeGreaterThan(100);
    expect(report.throughputPerSecond).toBeGreaterThan(100);
    expect(Object.keys(report.responseTimeMs)).toEqual(LATENCY);
    expect(Object.keys(report.serviceTimeMs)).toEqual(LATENCY);
    expect(report.serviceTimeMs.min).toBeGreaterThan(4);
    expect(report).toMatchObject({ peakConnections: 4, maxConnections: 4, waitingMs: expect.any(Number) });
    expect(Object.keys(report.phasesMs)).toEqual(['connect', 'tls', 'firstByte', 'transfer']);
    expect(report.phasesMs).toMatchObject({ connect: { count: 4 }, tls: { count: 0 } });
    expect(report.objectives.map((one) => one.expression)).toEqual(['p(99)<250', 'rate<0.01']);
    expect(code).toBe(exitCodeOf(report));
    expect(stderr).toContain('good ');
  });

  it('runs the open model, writes a row a second, and exits with 99 when an objective failed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hive-cli-'));
    const path = join(directory, 'out.csv');
    const args = ['-r', '400/s', '-d', '2s', '--objective', 'p(99)<2', '--out', path, '--quiet'];
    const { code, stdout, stderr } = await hive(['run', ...args, practice.url]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/objective +p\(99\)<2 +failed/);
    // Where the machine cannot keep up the result is no verdict on the target, and says so.
    if (stdout.includes('measurement    not usable')) expect(code).toBe(90);
    else {
      expect(stdout).toMatch(/result +failed/);
      expect(code).toBe(99);
    }
    const rows = (await readFile(path, 'utf8')).trim().split('\n');
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows[0]).toMatch(/^at,from_ms,to_ms,phase,planned/);
    for (const row of rows.slice(1)) expect(row.split(',')).toHaveLength((rows[0] as string).split(',').length);
    await rm(directory, { recursive: true });
  });

  it('shows what waited and was dropped for a target that cannot take it, and which cap was reached', async () => {
    // Eight slots of 5 ms take 1,600/s.
    const args = ['-r', '3000/s', '-d', '1s', '-c', '10', '--max-waiting', '100', '--quiet'];
    const { code, stdout } = await untilJudged(
      'hive run at 3000/s',
      () => hive(['run', ...args, practice.url]),
      ({ stdout }) => ({ status: stdout.includes('measurement    not usable') ? 'invalid' : 'valid', reasons: [] }),
    );
    expect(stdout).toMatch(/[\d,]+ not sent: no free connection/);
    expect(stdout).toMatch(/waiting +[\d.,]+ ms on average .* all 10 connections were in use \(-c sets the limit\)/);
    expect(stdout).toMatch(/phases +connect \(\d+ connections\) p50 .* first byte p50 .* transfer p50/);
    expect(code).toBe(99);
  });

  it('is told apart by class and by node where there are several', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hive-cli-'));
    const path = join(directory, 'hive.yaml');
    const nodes = `[{ url: ${practice.url}, id: one }, { url: ${practice.url}, id: other }]`;
    await writeFile(path, `nodes: ${nodes}\nrequests: [{ name: a }, { name: b, path: /b }]\n`);
    const { stdout } = await hive(['run', '-c', '4', '-d', '500ms', '--json', path]);
    const { byClass, byNode, planned } = JSON.parse(stdout) as RunReport;
    for (const [groups, names] of [
      [byClass, ['a', 'b']],
      [byNode, ['one', 'other']],
    ] as const) {
      expect(Object.keys(groups ?? {})).toEqual(names);
      expect(Object.values(groups ?? {}).reduce((sum, group) => sum + group.planned, 0)).toBe(planned);
    }
    await rm(directory, { recursive: true });
  });

  it('runs what a scenario.yaml describes, as the builder of the dashboard shows it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hive-cli-'));
    const path = join(directory, 'scenario.yaml');
    await writeFile(join(directory, 'hive.yaml'), `url: ${practice.url}\nid: shop\n`);
    const text = 'target: hive.yaml\nkind: load_balancing\nintensity: 40\ndurationSeconds: 1\n';
    await writeFile(path, text);
    const place = ['--data', join(directory, 'data')];
    const { code, stdout } = await hive(['run', '--json', ...place, path]);
    const report = JSON.parse(stdout) as RunReport;
    // Some 40 in the judged second; a busy machine may answer fewer, and plans as many.
    expect(report.planned).toBeGreaterThan(20);
    expect(report.planned).toBeLessThan(70);
    expect(report.answered).toBeGreaterThan(0);
    expect(report.reason).not.toBe('');
    expect(code).toBe(exitCodeOf(report));

    for (const [written, args, message] of [
      [text, ['-r', '5/s'], '-r: a scenario says its load itself'],
      [text.replace('hive.yaml', 'shop'), [], "target: there is no target 'shop'; no target is stored"],
      [text.replace('kind: load', 'kind: lead'), [], `${path}:2:7: kind: must be one of`],
      [text.replace('40', '-1'), [], `${path}:3:12: intensity`],
    ] as const) {
      await writeFile(path, written);
      const refused = await hiveHosted(['run', ...place, ...args, path]);
      expect(refused.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    }
    await rm(directory, { recursive: true });
  });

  it('is invalid, 90, when it was asked for more than it can send, and says so', async () => {
    const { code, stdout } = await hive(['run', '-r', '5000000/s', '-d', '60s', '--json', practice.url]);
    expect(code).toBe(90);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'undecided',
      validity: { status: 'invalid', reasons: expect.arrayContaining([expect.stringContaining('gave up')]) },
    });
  });

  it('sends what -X, -H and --body say', async () => {
    let request = '';
    const server = createServer((socket) => {
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
        if (!text.endsWith('hello')) return;
        request = text;
        text = '';
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/orders?x=1`;
    await hive(['run', '-c', '1', '-d', '200ms', '-X', 'PUT', '-H', 'X-Test: yes', '--body', 'hello', url]);
    expect(request).toMatch(/^PUT \/orders\?x=1 HTTP\/1\.1\r\n/);
    expect(request.toLowerCase()).toContain('x-test: yes\r\n');
    expect(request.toLowerCase()).toContain('content-length: 5\r\n');
    expect(request).toMatch(/\r\n\r\nhello$/);
    server.close();
  });

  it.each(['@FILE', '@-'])('sends the bytes of --body %s as they are, and every -H', async (body) => {
    const bytes = Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0xc3, ...Buffer.from('${HOME}')]);
    const hashes = new Set<string>();
    const lines = new Set<string>();
    const server = createHttpServer((request, response) => {
      const hash = createHash('sha256');
      request.on('data', (part: Buffer) => hash.update(part));
      request.on('end', () => {
        hashes.add(hash.digest('hex'));
        lines.add(request.rawHeaders.join('|'));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
    const directory = await mkdtemp(join(tmpdir(), 'hive-body-'));
    await writeFile(join(directory, 'FILE'), bytes);
    const headers = ['-H', 'X-A: 1', '-H', 'x-a: 2'];
    const args = ['run', '-c', '1', '-d', '100ms', '--quiet', '-X', 'POST', '--body', body, ...headers, url];
    const run = startHive(args, {}, directory, bytes);
    await run.ended;
    expect([...hashes]).toEqual([createHash('sha256').update(bytes).digest('hex')]);
    expect([...lines].join()).toMatch(/x-a\|1\|x-a\|2/i);
    server.close();
    await rm(directory, { recursive: true });
  });

  it('ends with a partial report and 105 at Ctrl-C', async () => {
    const run = startHive(['run', '-c', '2', '-d', '60s', '--json', practice.url]);
    await run.prints('stderr', /good/);
    const before = Date.now();
    run.child.kill('SIGINT');
    const { code, stdout } = await run.ended;
    expect(code).toBe(105);
    expect(Date.now() - before).toBeLessThan(5_000);
    const report = JSON.parse(stdout) as RunReport;
    expect(report.verdict).toBe('aborted');
    expect(report.answered).toBeGreaterThan(0);
    expect(report.planned).toBe(report.sent + report.dropped);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://10.0.0.1/',
    'http://167772161/',
    'http://0x0a000001/',
    'http://012.0.0.1/',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::a00:1]/',
    'http://192.168.1.1:8080/',
    'http://0.0.0.0/',
  ])('refuses %s with 92', async (url) => {
    const { code, stdout, stderr } = await hiveHosted(['run', '-d', '1s', '--json', url]);
    expect(code).toBe(92);
    expect(stderr.split('\n')[0]).toMatch(/^hive: /);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'refused_by_safety' } });
  });

  it('refuses metadata even when everything is listed, and loads nothing through a redirect', async () => {
    const { code } = await hiveHosted(['run', '-d', '1s', 'http://169.254.169.254/'], {
      HIVE_ALLOW_TARGETS: '0.0.0.0/0,::/0',
    });
    expect(code).toBe(92);
  });

  it('says in one line that the target cannot be reached: 106', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const { code, stderr } = await hiveHosted(['run', '-d', '1s', `http://127.0.0.1:${port}/`]);
    expect(code).toBe(106);
    expect(stderr).toContain(`http://127.0.0.1:${port} cannot be reached: the connection was refused`);
    expect((await hiveHosted(['run', '-d', '1s', 'http://no-such-name.invalid/'])).code).toBe(106);
  });

  it.each([
    [['run'], "missing required argument 'url'"],
    [['run', 'ftp://localhost/'], 'neither http'],
    [['run', '-d', 'long', 'URL'], "option '-d, --duration <time>'"],
    [['run', '-r', '0', 'URL'], "option '-r, --rate <rate>'"],
    [['run', '-c', '0', 'URL'], "option '-c, --connections <n>'"],
    [['run', '--arrivals', 'bursty', '-r', '5', 'URL'], 'Allowed choices are poisson, constant'],
    [['run', '--think', '1s', '-r', '5', 'URL'], '--think needs the closed model'],
    [['run', '--objective', 'p(99)>5', 'URL'], "option '--objective"],
    [['run', '--body', 'x', 'URL'], '--body needs a method'],
    [['run', '--no-such-option', 'URL'], "unknown option '--no-such-option'"],
    [['run', '--out', '/no/such/directory/x.csv', 'URL'], '/no/such/directory/x.csv cannot be written'],
    [['fly'], "unknown command 'fly'"],
  ])('%j is a bad argument: 104', async (args, words) => {
    const { code, stdout, stderr } = await hiveHosted(args.map((arg) => (arg === 'URL' ? practice.url : arg)));
    expect(stderr).toContain(words);
    expect(stdout).toBe('');
    expect(code).toBe(104);
  });

  it.each([['--help'], ['--version'], ['help', 'run'], ['run', '--help'], ['train', '--help'], ['up', '--help']])(
    '%s %s is answered on stdout with 0',
    async (...args) => {
      const { code, stdout } = await hiveHosted(args);
      expect(code).toBe(0);
      expect(stdout).not.toBe('');
    },
  );
});

describe('exitCodeOf', () => {
  it.each([
    ['passed', 'valid', 0],
    ['passed', 'suspect', 0],
    ['passed', 'invalid', 90],
    ['undecided', 'valid', 90],
    ['failed', 'valid', 99],
    ['failed', 'invalid', 90],
    ['aborted', 'invalid', 105],
  ] as const)('%s and %s: %d', (verdict, status, code) => {
    expect(exitCodeOf({ verdict, validity: { status, reasons: [] } })).toBe(code);
  });
});
