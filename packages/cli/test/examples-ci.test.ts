import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPractice, type Practice } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { parse } from 'yaml';
import { hive } from './hive-process.js';

interface Step {
  run?: string;
}
const read = (name: string): unknown =>
  parse(readFileSync(new URL(`../../../examples/ci/${name}`, import.meta.url), 'utf8'));
const github = read('github.yml') as { jobs: { capacity: { steps: Step[] } } };
const gitlab = read('gitlab.yml') as { capacity: { script: string[]; artifacts: { reports: Record<string, string> } } };
const commandsOf = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('hive '));

/** As a shell parts it: words, and what stands in single quotes. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? (word as string)).slice(1);

describe('the examples for CI', { timeout: 120_000 }, () => {
  let folder: string;
  let practice: Practice;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hive-examples-ci-'));
    practice = await startPractice({ workers: 4, serviceMs: 5 });
  });
  afterAll(async () => {
    await practice.close();
    rmSync(folder, { recursive: true });
  });

  /** As it stands, but for the service and the time that it takes. */
  async function run(command: string): Promise<number | null> {
    const args = wordsOf(command).map((word) => {
      if (word === '4m') return '5s';
      return word.startsWith('http://127.0.0.1:8080') ? practice.url : word;
    });
    const more = args[0] === 'verify' ? ['--for', '5s'] : [];
    const { code, stderr } = await hive(
      [...args, ...more],
      { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') },
      folder,
    );
    expect(stderr).not.toMatch(/error:|unknown option/);
    return code;
  }

  it('for GitHub measures, and compares with the report of main', async () => {
    const commands = commandsOf(github.jobs.capacity.steps.flatMap(({ run: line }) => line ?? []));
    expect(commands.map((line) => line.split(' ')[1])).toEqual(['train', 'compare']);
    // So short a session may find too little to be expected of: that is an answer too.
    expect([0, 90, 93, 99]).toContain(await run(commands[0]!));
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('# ');
    copyFileSync(join(folder, 'hive.json'), join(folder, 'base.json'));
    expect([0, 90]).toContain(await run(commands[1]!));
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('# Compared with the base');
  });

  itSlow('for GitLab writes the files that it names, and asks its question', async () => {
    const { script, artifacts } = gitlab.capacity;
    const commands = commandsOf(script);
    expect(commands.map((line) => line.split(' ')[1])).toEqual(['train', 'verify']);
    expect([0, 90, 93, 99]).toContain(await run(commands[0]!));
    for (const name of Object.values(artifacts.reports)) expect(readFileSync(join(folder, name), 'utf8')).not.toBe('');
    expect([0, 90, 93, 99]).toContain(await run(commands[1]!));
  });
});
