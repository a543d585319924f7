import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CHECK = join(import.meta.dirname, '..', 'scripts', 'checks', 'weights.mjs');
const LEARNING = 'packages/engine/src/learning';
let folder = '';

function write(path: string, text: string): void {
  const place = join(folder, LEARNING, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
}

function check(): { code: number | null; said: string } {
  const { status, stdout } = spawnSync(process.execPath, [CHECK, folder], { encoding: 'utf8' });
  return { code: status, said: stdout };
}

describe('the check of chosen numbers', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hive-weights-'));
    write('weights.ts', 'export const NEAR = 0.15;\n');
    write('weights-of-belief.ts', 'export const STEPS = [1, 2];\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what follows from the weights, texts and functions', () => {
    write(
      'limit/some.ts',
      [
        "import { NEAR, STEPS } from '../weights.js';",
        'const FAR = 2 * NEAR + 1;',
        'const SQUARES = STEPS.map((step) => step ** 2);',
        'const TABLE = { near: NEAR, far: FAR };',
        "const NAMES = ['p50', 'p95'] as const;",
        'const NOTHING = { low: null, high: undefined };',
        'const half = (one: number): number => one / 2;',
        'export function least(): number { const own = 3; return own; }',
        'export const all = [SQUARES, TABLE, NAMES, NOTHING, half];',
      ].join('\n'),
    );
    expect(check()).toEqual({ code: 0, said: '' });
  });

  it('refuses numbers and tables of numbers, and says where each is', () => {
    const chosen = [
      'const ONE = 0.95;',
      'export const TWO: number = -3;',
      'const THREE = Math.exp(-5);',
      'const FOUR = 60 * 1_000;',
      'const FIVE = [0.1, 0.2] as const;',
      'const SIX: readonly [number, number][] = [[0, 3]];',
      "const SEVEN = [{ name: 'p99', upTo: 0.02 }];",
      'const EIGHT = { near: NEAR, far: 0.4 };',
      'const NINE = [0.5, 1].map((times) => times * NEAR);',
      'const TEN = Object.freeze({ counts: 8 });',
    ];
    write('search/some.ts', ["import { NEAR } from '../weights.js';", ...chosen].join('\n'));
    const { code, said } = check();
    expect(code).toBe(1);
    const places = said
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' is a chosen number')[0]);
    expect(places).toEqual(chosen.map((line, i) => `${LEARNING}/search/some.ts:${i + 2}: ${/[A-Z]+/.exec(line)?.[0]}`));
  });
});
