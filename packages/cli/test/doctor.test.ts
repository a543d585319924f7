import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ceilingSchema, type MachineState } from '@hive/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { hive, hiveHosted, startHive } from './hive-process.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hive-doctor-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const kept = (): string => join(directory, 'ceiling.json');

describe('hive doctor', () => {
  it('prints one object alone on stdout and keeps the same; on a machine too busy for any figure it says so: 90', async () => {
    const { code, stdout, stderr } = await hive(['doctor', '--quick', '--json', '--data', directory]);
    const printed: unknown = JSON.parse(stdout);
    const hasMeasured = stderr.includes('measuring how many plain requests');
    expect(hasMeasured).toBe(ceilingSchema.safeParse(printed).success);
    if (code === 90) {
      if (!hasMeasured) expect(printed).toMatchObject({ error: { code: 'invalid_measurement' } });
      expect(existsSync(kept())).toBe(false);
      return;
    }
    expect(code).toBe(0);
    expect(ceilingSchema.parse(printed).shapes.length).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(kept(), 'utf8'))).toEqual(printed);
  });

  itSlow(
    'beside busy processes says who, measures nothing and saves nothing: 90; --run-anyway measures, and saves nothing',
    async () => {
      const spin = 'const end = Date.now() + 20_000; while (Date.now() < end);';
      const busy = [1, 2].map(() => spawn(process.execPath, ['-e', spin], { stdio: 'ignore' }));
      try {
        const asked = ['doctor', '--quick', '--json', '--data', directory];
        const { code, stdout, stderr } = await hive(asked);
        expect(code).toBe(90);
        expect(stderr).not.toContain('measuring how many');
        const { error } = JSON.parse(stdout) as { error: { message: string; details: { machine: MachineState } } };
        expect(error.message).toMatch(/^Others use \d\.\d of \d+ cores: .*node/);
        expect(error.details.machine.processes.map(({ name }) => name)).toContain('node');
        const anyway = await hive([...asked, '--run-anyway']);
        expect(anyway.code).toBe(90);
        expect(existsSync(kept())).toBe(false);
      } finally {
        for (const child of busy) child.kill('SIGKILL');
      }
    },
    40_000,
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends at %s with 105, keeps nothing, and its output is whole',
    async (signal) => {
      const doctor = startHive(['doctor', '--run-anyway', '--json', '--data', directory]);
      await doctor.prints('stderr', /measuring/);
      doctor.child.kill(signal);
      const { code, stdout } = await doctor.ended;
      expect(code).toBe(105);
      expect(ceilingSchema.parse(JSON.parse(stdout)).shapes).toEqual([]);
      expect(existsSync(kept())).toBe(false);
    },
  );

  it('says before it measures that it could keep nothing: 106', async () => {
    const taken = join(directory, 'taken');
    writeFileSync(taken, '');
    const { code, stdout, stderr } = await hiveHosted(['doctor', '--json', '--data', taken]);
    expect(code).toBe(106);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'data_directory' } });
    expect(stderr).not.toContain('measuring');
    expect(stderr).toContain('--data');
  });

  it('takes no thread count that makes no sense: 104', async () => {
    expect(await hiveHosted(['doctor', '--threads', '0', '--data', directory])).toMatchObject({ code: 104 });
  });
});
