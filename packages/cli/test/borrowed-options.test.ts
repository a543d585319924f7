import { describe, expect, it } from 'vitest';
import { Command } from 'commander';
import { readTarget } from '../src/arguments/target-file.js';
import { define } from '../src/commands/run.js';
import { hiveHosted } from './hive-process.js';

async function read(...args: string[]) {
  const command = new Command('run').exitOverride();
  define(command, () => {});
  command.action(() => {});
  await command.parseAsync(args, { from: 'user' });
  const { target } = await readTarget('http://127.0.0.1:1/', command.opts<Record<string, unknown>>(), {
    command,
    environment: {},
  });
  return target;
}

describe('options as other tools have them', () => {
  it('-k, -u and --no-keepalive say what they say there', async () => {
    const { insecure, requests } = await read('-k', '-u', 'me:pass:word', '--no-keepalive', 'http://127.0.0.1:1/');
    expect(insecure).toBe(true);
    const authorization = `Basic ${Buffer.from('me:pass:word').toString('base64')}`;
    expect(requests[0]?.headers).toEqual({ authorization, connection: 'close' });
  });

  it('-H wins over them', async () => {
    const { requests } = await read('-u', 'a:b', '-H', 'Authorization: own', 'http://127.0.0.1:1/');
    expect(requests[0]?.headers).toEqual({ Authorization: 'own' });
  });

  it.each([
    [['-L'], /redirects are not followed/],
    [['-u', 'me'], /USER:PASSWORD/],
    [['-z', '10s'], /write -d TIME in place of -z/],
    [['--vus', '5'], /write -c N in place of --vus/],
    [['--conections', '5'], /--connections/],
  ])('%j is told how to say it', async (args, told) => {
    const { code, stderr } = await hiveHosted(['run', ...args, 'http://127.0.0.1:1/']);
    expect(code).toBe(104);
    expect(stderr).toMatch(told);
  });
});
