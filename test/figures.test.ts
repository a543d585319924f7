import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = dirname(import.meta.dirname);
let folder = '';

/** The report in a copy of what it reads. */
function report(...args: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/report.mjs', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

function change(path: string, from: RegExp, to: string): void {
  const file = join(folder, path);
  const before = readFileSync(file, 'utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${path} has no ${from}`);
  writeFileSync(file, after);
}

describe('the figures that are published', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hive-figures-'));
    for (const path of ['bench', 'docs', '.prettierrc.json', 'package.json'])
      cpSync(join(root, path), join(folder, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the results', () => {
    expect(report('--check')).toEqual({ code: 0, said: '' });
  });

  it('are refused when a page or a chart says something else, and written by the report', () => {
    const texts = () =>
      ['learning.md', 'images/learning.svg'].map((path) => readFileSync(join(folder, 'docs', path), 'utf8'));
    const before = texts();
    change('docs/learning.md', /(\| m\/m\/8 +\| +)\d+/, '$1999');
    change('docs/images/learning.svg', /<svg /, '<svg  ');
    const { code, said } = report('--check');
    expect(code).toBe(1);
    expect(said.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'docs/learning.md',
      'docs/images/learning.svg',
      '',
    ]);
    expect(report().code).toBe(0);
    expect(texts()).toEqual(before);
  });

  it('are refused when the results say something else', () => {
    change('bench/results/learning-learner.json', /"covered":\d+/, '"covered":7');
    expect(report('--check').code).toBe(1);
  });

  it('have a block each, and no block is without figures', () => {
    change('docs/performance.md', /<!-- figures:memory -->/, '<!-- figures:nothing -->');
    const { said } = report('--check');
    expect(said).toContain('figures:nothing is in no results');
    expect(said).toContain('has no block for figures:memory');
  });
});
