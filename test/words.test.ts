import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CHECK = join(import.meta.dirname, '..', 'scripts', 'checks', 'words.mjs');
let folder = '';

function write(path: string, text: string): void {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
}

function check(): { code: number | null; said: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [CHECK, folder], { encoding: 'utf8' });
  return { code: status, said: stdout.trimEnd().split('\n') };
}

/** In pieces, so that this file has none of them itself. */
const refused = (...pieces: string[]): string => pieces.join('');

describe('the check of words', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hive-words-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes plain English, and words that only look alike', () => {
    write('packages/engine/src/some.ts', "const recommended = 'amendments wander so much'; // told off, burps\n");
    expect(check()).toEqual({ code: 0, said: [''] });
  });

  it('reads sources, tests, scripts and pages, and nothing beside them', () => {
    const line = refused('requests at 500 r', 'ps\n');
    const read = ['packages/cli/src/a.ts', 'packages/cli/test/b.test.ts', 'scripts/c.mjs', 'docs/d.md', 'README.md'];
    for (const path of [...read, 'packages/cli/dist/a.js', 'bench/e.mjs']) write(path, line);
    const { code, said } = check();
    expect(code).toBe(1);
    expect(said.map((one) => one.split(':')[0]).toSorted()).toEqual(read.toSorted());
  });

  it('names the place, the phrase and what to write instead', () => {
    const lines = [
      refused('it fore', 'told the limit'),
      refused('the reader is to', 'ld of a gap'),
      refused('what is kno', 'wn of it'),
      refused('the me', 'nd, and what was me', 'nded'),
      refused('it began to hu', 'rt at 500'),
      refused('this load tells mo', 'st for its cost'),
      refused('it could not keep up, so this sa', 'ys nothing about the target'),
      refused('CPU left its rest ba', 'nd'),
      refused('the rate that is call', 'ed safe'),
      refused('a target that wan', 'ders'),
      refused('for so lo', 'ng'),
      refused('so ma', 'ny requests'),
      refused('three nodes, no one of wh', 'ich'),
      refused('put one pla', 'in load on a service'),
      refused('make the netw', 'ork bad'),
      refused('show what is kno', 'wn of services'),
    ];
    write('docs/page.md', ['# Title', ...lines].join('\n'));
    const { code, said } = check();
    expect(code).toBe(1);
    const places = said.map((one) => /^docs\/page\.md:(\d+): "[^"]+": write \S/.exec(one)?.[1]);
    expect(new Set(places)).toEqual(new Set(lines.map((_, index) => String(index + 2))));
  });
});
