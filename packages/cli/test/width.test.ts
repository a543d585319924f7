import { describe, expect, it } from 'vitest';
import { hiveHosted } from './hive-process.js';
import { COMMANDS } from '../src/main.js';
import { displayWidth } from '../src/print/wrap.js';

describe.each([60, 80, 120, 200])('at %i columns', (width) => {
  const env = { COLUMNS: String(width) };

  it.each(['', ...Object.keys(COMMANDS)])('the help of hive %s fits', async (command) => {
    const { stdout } = await hiveHosted([...(command === '' ? [] : [command]), '--help'], env);
    expect(stdout).toContain('Usage: hive');
    expect(stdout.split('\n').filter((line) => displayWidth(line) > width)).toEqual([]);
  });

  it.each([
    ['run', '--objective', 'nonsense', 'http://127.0.0.1:1/'],
    ['train', 'http://127.0.0.1:1/'],
    ['generate', 'http://127.0.0.1:1/'],
  ])('what hive %s says fits', async (...args) => {
    const { stdout, stderr } = await hiveHosted(args, env);
    const said = `${stdout}${stderr}`.split('\n');
    expect(said.length).toBeGreaterThan(1);
    expect(said.filter((line) => displayWidth(line) > width)).toEqual([]);
  });
});
