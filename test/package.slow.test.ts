import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Limit } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilJudged } from './until-judged.js';

const ROOT = dirname(import.meta.dirname);
const MOST_BYTES = 60_000_000;
const UP_WITHIN_MS = 10_000;
/** The versions that people run beside the one of this test; npm's package `node` brings them. */
const OTHER_NODES = ['20.19', '22', '24', '26'];
/** Nobody's account, for tests that root runs. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;
let tarball: string;
let practice: Practice;
/** What the user who installs has: a home, a prefix, and a folder without a repository. */
let home: string;
let prefix: string;
let elsewhere: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hive-package-'));
  chmodSync(folder, 0o755);
  [home, prefix, elsewhere] = ['home', 'prefix', 'elsewhere'].map((name) => {
    const path = join(folder, name);
    mkdirSync(path);
    if (isRoot) chownSync(path, NOBODY, NOBODY);
    return path;
  }) as [string, string, string];
  execFileSync(process.execPath, [join(ROOT, 'scripts/package.mjs'), '--out', folder], { stdio: 'inherit' });
  tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz'))!,
  );
  await asUser('npm', ['install', '--global', '--offline', '--no-audit', '--no-fund', tarball]);
  practice = await startPractice({ workers: 4, serviceMs: 10 });
}, 600_000);
afterAll(async () => {
  await practice?.close();
  rmSync(folder, { recursive: true, force: true });
});

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
/** Nothing of the repository and its tools is found; `node` is the one that is given. */
const environment = (node = process.execPath): NodeJS.ProcessEnv => ({
  HOME: home,
  PATH: [join(prefix, 'bin'), dirname(node), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
  npm_config_prefix: prefix,
});
const account = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** The practice target answers from this process: nothing here may hold it up. */
async function asUser(command: string, args: readonly string[], node?: string): Promise<{ stdout: string }> {
  const options = { cwd: elsewhere, env: environment(node), ...account, timeout: 400_000 };
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (![0, 90, 93, 99].includes(status ?? -1))
    throw new Error(`${command} ended with ${status}:\n${output.stdout}${output.stderr}`);
  return output;
}

describe('the package', () => {
  it('is small, and names everything that it brings of others', () => {
    expect(statSync(tarball).size).toBeLessThan(MOST_BYTES);
    const installed = join(prefix, 'lib/node_modules/hive');
    const licenses = readFileSync(join(installed, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['fastify', 'next', 'react', 'zod', 'pdfkit', '@electric-sql/pglite'])
      expect(licenses).toMatch(new RegExp(`^${name} \\d[\\d.]+: \\S`, 'm'));
    const bill = JSON.parse(readFileSync(join(installed, 'sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
      components: { name: string }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    expect(bill.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['fastify', 'react', 'zod']));
    expect(readFileSync(join(installed, 'hive.service'), 'utf8')).toContain('ExecStart=');
  });

  it('tells its version, and writes every kind of report', async () => {
    expect((await asUser('hive', ['--version'])).stdout.trim()).toBe(version);
    const formats = ['html', 'pdf', 'md', 'csv', 'xml', 'json'];
    const reports = formats.flatMap((format) => ['--report', `run.${format}`]);
    await asUser('hive', ['run', '-r', '50/s', '-d', '1s', ...reports, practice.url]);
    for (const format of formats) expect(statSync(join(elsewhere, `run.${format}`)).size).toBeGreaterThan(200);
    expect(readFileSync(join(elsewhere, 'run.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe.each([null, ...OTHER_NODES])('installed, under Node %s (null: this one)', (wanted) => {
  let node = process.execPath;
  beforeAll(() => {
    if (wanted === null) return;
    const place = join(folder, `node-${wanted}`);
    mkdirSync(place);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', place, `node@${wanted}`], {
      stdio: 'inherit',
    });
    node = join(place, 'node_modules/node/bin/node');
  }, 300_000);

  it('serves API and dashboard within ten seconds, from an empty folder', async () => {
    if (wanted !== null) expect((await asUser('node', ['--version'], node)).stdout).toContain(`v${wanted}`);
    const place = mkdtempSync(join(elsewhere, 'up-'));
    if (isRoot) chownSync(place, NOBODY, NOBODY);
    const args = ['up', '--demo', '--port', '0', '--dashboard-port', '0', '--json'];
    const startedAt = performance.now();
    const child = spawn('hive', args, {
      cwd: place,
      env: environment(node),
      ...account,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    try {
      const { api, dashboard } = JSON.parse(await firstLine(child)) as { api: string; dashboard: string };
      const health = await fetch(`${api}/api/health`);
      const page = await (await fetch(dashboard)).text();
      const tookMs = performance.now() - startedAt;
      expect(await health.json()).toMatchObject({ status: 'healthy' });
      expect(page).toContain('practice');
      const [, style] = /href="([^"]+\.css)"/.exec(page) ?? [];
      expect((await fetch(new URL(style ?? '/none', dashboard))).status).toBe(200);
      expect((await fetch(`${api}/docs`)).status).toBe(200);
      expect(tookMs).toBeLessThan(UP_WITHIN_MS);
    } finally {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  }, 60_000);

  it('finds a limit', async () => {
    const args = ['train', '--json', '--quiet', '--budget', '60s', '--precision', '25%', '--data', `data-${wanted}`];
    const { limits } = await untilJudged(
      `hive train under Node ${wanted ?? process.versions.node}`,
      async () => {
        const { stdout } = await asUser('hive', [...args, practice.url], node);
        return JSON.parse(stdout) as { verdict: string; reason: string; limits: Limit[] };
      },
      ({ verdict, reason }) => ({ status: verdict === 'undecided' ? 'invalid' : 'valid', reasons: [reason] }),
    );
    // Four workers of 10 ms carry 400 requests/s, an in-process service on a busy machine less.
    expect(limits[0]).toMatchObject({ kind: 'load_balancing' });
    expect(limits[0]?.high ?? 0).toBeGreaterThan(100);
  }, 600_000);
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text);
    });
    child.once('close', (code) => reject(new Error(`hive up ended with ${code}`)));
  });
}
