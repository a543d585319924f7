import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CHECK = join(import.meta.dirname, '..', 'scripts', 'checks', 'commits.mjs');
let folder = '';

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@localhost', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
}

function check(): { code: number | null; said: string } {
  const { status, stdout } = spawnSync(process.execPath, [CHECK, folder], { encoding: 'utf8' });
  return { code: status, said: stdout };
}

describe('the check of commit subjects', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hive-commits-'));
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '-m', 'x'.repeat(100));
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds subjects of 72 characters, and what the main line has already', () => {
    git('commit', '--quiet', '--allow-empty', '-m', `${'a'.repeat(72)}\n\n${'b'.repeat(200)}`);
    expect(check()).toEqual({ code: 0, said: '' });
  });

  it('refuses one of 73 and says which', () => {
    git('commit', '--quiet', '--allow-empty', '-m', 'a'.repeat(73));
    const { code, said } = check();
    expect(code).toBe(1);
    expect(said).toContain('a'.repeat(73));
  });

  it('has nothing to hold where there is no main line to compare with', () => {
    git('update-ref', '-d', 'refs/remotes/origin/main');
    expect(check().code).toBe(0);
  });
});
