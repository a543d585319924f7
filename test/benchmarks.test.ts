import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CHECK = join(import.meta.dirname, '..', 'scripts', 'checks', 'benchmarks.mjs');
let folder = '';

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function check(): { code: number | null; said: string } {
  const { status, stdout } = spawnSync(process.execPath, [CHECK, folder], { encoding: 'utf8' });
  return { code: status, said: stdout };
}

describe('the check of what benchmarks import', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hive-benchmarks-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the index of a package, by name or as it is built, and files beside', () => {
    write(
      'bench/learning/one.mjs',
      [
        "import { train } from '@hive/engine';",
        "import { toTarget } from '../../packages/contract/dist/index.js';",
        "import { other } from './other.mjs';",
        "import { cpus } from 'node:os';",
        "const hive = new URL('../../packages/cli/bin/hive.js', import.meta.url);",
      ].join('\n'),
    );
    expect(check()).toEqual({ code: 0, said: '' });
  });

  it('refuses every other file of a package, however it is imported, and says where', () => {
    const deep = [
      "import { next } from '../../packages/engine/dist/learning/search/next.js';",
      "import '../../packages/engine/src/index.ts';",
      "export { record } from '@hive/engine/dist/metrics/histogram.js';",
      "const { createProxy } = await import('../../packages/engine/dist/faults/proxy.js');",
    ];
    write('bench/load/deep.mjs', deep.join('\n'));
    const { code, said } = check();
    expect(code).toBe(1);
    const places = said
      .trimEnd()
      .split('\n')
      .map((line) => line.split(': imports')[0]);
    expect(places).toEqual(deep.map((_, i) => `bench/load/deep.mjs:${i + 1}`));
  });

  it('is not content where there is nothing to check', () => {
    write('bench/README.md', '');
    expect(check().code).toBe(1);
  });
});
