import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, fish, zsh } from '../../../test/services.js';
import { COMMANDS } from '../src/main.js';
import { hiveHosted } from './hive-process.js';

const NAMES = Object.keys(COMMANDS);
/** What is typed, and what a shell must offer; null: nothing. */
const TYPED: [string, string[] | null][] = [
  ['hive tr', ['train']],
  ['hive re', ['report', 'restore']],
  ['hive train --max-', ['--max-connections', '--max-rate']],
  ['hive up --no-', ['--no-dashboard']],
  ['hive run --arrivals ', ['constant', 'poisson']],
  ['hive completion z', ['zsh']],
  ['hive verify --at ', null],
  ['hive train shop', ['shop.yaml']],
  ['hive up --data fol', ['folder/']],
  ['hive help mig', ['migrate']],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hive-completion-'));
  writeFileSync(join(folder, 'shop.yaml'), '');
  mkdirSync(join(folder, 'folder'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The script of a shell, in a file. */
async function script(shell: string): Promise<string> {
  const { code, stdout } = await hiveHosted(['completion', shell]);
  expect(code).toBe(0);
  const path = join(folder, `.completion.${shell}`);
  writeFileSync(path, stdout);
  return path;
}

function ask(shell: string, args: readonly string[]): string {
  return execFileSync(shell, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 10_000,
    env: { ...process.env, HOME: folder },
  });
}

describe('hive completion', () => {
  it('knows three shells, and names them', async () => {
    const { code, stderr } = await hiveHosted(['completion', 'tcsh']);
    expect([code, stderr]).toEqual([104, expect.stringContaining('bash, zsh, fish')]);
  });

  it('offers every command in bash, and of each every option', async () => {
    const path = await script('bash');
    expect(offered(path, 'hive ')).toEqual([...NAMES, 'help', '--help', '--version'].toSorted());
    for (const name of NAMES) {
      const { stdout } = await hiveHosted([name, '--help']);
      const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
      expect(offered(path, `hive ${name} --`)).toEqual(options.toSorted());
    }
  });

  it.each(TYPED)('in bash, after %j: %j', async (line, words) => {
    expect(offered(await script('bash'), line)).toEqual(words?.map((word) => word.replace(/\/$/, '')) ?? []);
  });
});

/** What the function of the script leaves for the line. */
function offered(path: string, line: string): string[] {
  const words = line.split(' ');
  const typed = words.map((word) => `'${word}'`).join(' ');
  const asked = `source '${path}'; COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _hive; printf '%s\n' "\${COMPREPLY[@]}"`;
  return ask('bash', ['--norc', '-euc', asked])
    .split('\n')
    .filter((word) => word !== '')
    .toSorted();
}

describeWith(fish, 'hive completion fish', (path) => {
  it.each(TYPED)('after %j: %j', async (line, words) => {
    const file = await script('fish');
    const lines = ask(path, ['--no-config', '-c', `source '${file}'; complete -C '${line}'`]);
    const found = lines.split('\n').filter((word) => word !== '');
    expect(found.map((word) => word.split('\t')[0]).toSorted()).toEqual(words ?? []);
  });
});

describeWith(zsh, 'hive completion zsh', (path) => {
  /** A shell that a person types into; what it shows until all words are there, or until it has done the next command. */
  const driver = (file: string, line: string, words: readonly string[]): string => `
    zmodload zsh/zpty
    zpty shell ${path} -f -i
    zpty -w shell "PS1=; stty columns 200; zstyle ':completion:*' insert-tab false"
    zpty -w shell "autoload -U compinit; compinit -D -u; source ${file}; bindkey '^I' list-choices; echo RE''ADY"
    zpty -r shell seen $'*READY*'
    zpty -w -n shell $'${line}\t'
    ${words.map((word) => `zpty -r shell seen $'*${word}*'; print -r -- "$seen"`).join('\n')}
    zpty -w -n shell $'\\C-u'
    zpty -w shell "echo DO''NE"
    zpty -r shell seen $'*DONE*'
    print -r -- "$seen"
  `;

  it.each(TYPED)('after %j: %j', async (line, words) => {
    const shown = ask(path, ['-f', '-c', driver(await script('zsh'), line, (words ?? []).slice(-1))]);
    for (const word of words ?? []) expect(shown).toContain(word);
    if (words === null) expect(shown.replace(line, '')).not.toContain('--');
  });
});
