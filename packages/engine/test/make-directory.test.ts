import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeDirectory } from '../src/make-directory.js';

const root = mkdtempSync(join(tmpdir(), 'hive-directory-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('making a directory', () => {
  it('makes all that lead to it, for this user alone, and leaves what is there', () => {
    const path = join(root, 'a', 'b', 'c');
    makeDirectory(path);
    writeFileSync(join(path, 'kept'), '');
    makeDirectory(path);
    expect(statSync(path).isDirectory()).toBe(true);
    expect(statSync(join(path, 'kept')).isFile()).toBe(true);
    for (const made of [path, join(root, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('says why there can be none', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => makeDirectory(file)).toThrow('EEXIST');
    expect(() => makeDirectory(join(file, 'sub'))).toThrow('ENOTDIR');
    // Here Node's own, recursive, never returns.
    if (process.platform === 'linux') expect(() => makeDirectory('/proc/hive/sub')).toThrow('ENOENT');
  });
});
