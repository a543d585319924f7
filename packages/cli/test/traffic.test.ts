import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hive } from './hive-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-traffic-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function limits(traffic: string, ...args: string[]): Promise<string> {
  const file = join(folder, 'hive.yaml');
  await writeFile(file, `url: http://127.0.0.1:9\ntraffic: ${traffic}\n`);
  const { code, stdout } = await hive(['limits', '--data', join(folder, 'none'), ...args, file]);
  expect(code).toBe(0);
  return stdout;
}

describe('hive limits of a target that says its traffic', () => {
  it('tells the peak, also before anything is measured', async () => {
    expect(await limits('220')).toContain('\n  peak 220/s\n');
    const { targets } = JSON.parse(await limits('220', '--json')) as { targets: { traffic: unknown }[] };
    expect(targets[0]?.traffic).toEqual({ peakPerSecond: 220, headroom: null, atTwice: null, at: null });
  });

  it('asks no Prometheus that Hive may not dial', async () => {
    const stdout = await limits('{ prometheus: http://192.0.2.1:9090, query: up }');
    expect(stdout).toMatch(
      /traffic is not known: 192\.0\.2\.1 is not a loopback address.*HIVE_ALLOW_TARGETS=192\.0\.2\.1/,
    );
  });
});
