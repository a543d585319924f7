import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = dirname(import.meta.dirname);
/** The versions that people run beside 20; npm's package `node` brings them. */
const VERSIONS = ['22', '24', '26'];
const ONE_RUN_MS = 2_400_000;

const folder = mkdtempSync(join(tmpdir(), 'hive-nodes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of a run within a run, what belongs to the outer one is not passed on. */
function environment(node: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:HIVE_|VITEST|NODE_|TEST$)/.test(name));
  return { ...Object.fromEntries(own), PATH: [dirname(node), process.env['PATH']].join(delimiter) };
}

describe('npm test', () => {
  it.each(VERSIONS)(
    'is green under Node %s',
    async (version) => {
      const place = join(folder, version);
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', place, `node@${version}`]);
      const node = join(place, 'node_modules/node/bin/node');
      expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toContain(`v${version}.`);
      const child = spawn(node, [join(ROOT, 'scripts/test.mjs')], {
        cwd: ROOT,
        env: environment(node),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      const [status] = (await once(child, 'close')) as [number | null];
      if (status !== 0) process.stdout.write(output);
      expect(output.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/);
      expect(status).toBe(0);
    },
    ONE_RUN_MS,
  );
});
