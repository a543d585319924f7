import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, displayWidth, fitHelp, wrap } from '../src/print/wrap.js';

const WIDTHS = [60, 80, 120, 200];
const RED = '\u001b[31m';
const PLAIN = '\u001b[39m';
const word = fc.oneof(
  fc.stringMatching(/^[a-z0-9(),.%=<>/:-]{1,20}$/),
  fc.constantFrom('漢字かな', '한국어', '👍🏽', '🚀', '–', 'µs', `${RED}failed${PLAIN}`, 'é'),
);
const line = fc.tuple(fc.nat(24), fc.array(word, { minLength: 1, maxLength: 60 }), fc.nat(30));
const words = (text: string): string[] => text.split(/\s+/).filter((one) => one !== '');

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['漢字', 4],
    ['🚀', 2],
    [`${RED}failed${PLAIN}`, 6],
    ['e\u0301', 1],
    ['▁▂█', 3],
  ])('of %j is %i', (text, width) => expect(displayWidth(text)).toBe(width));
});

describe('wrap', () => {
  it.each(WIDTHS)('at %i columns no line is longer, and every word is whole and in its place', (width) => {
    fc.assert(
      fc.property(line, ([indent, parts, hang]) => {
        const text = ' '.repeat(indent) + parts.join(' ');
        const lines = wrap(text, width, hang);
        for (const one of lines) expect(displayWidth(one)).toBeLessThanOrEqual(width);
        expect(lines.flatMap(words)).toEqual(words(text));
      }),
    );
  });

  it('continues below the column, and keeps a line that fits as it is', () => {
    expect(wrap('  result  one two three', 60, 10)).toEqual(['  result  one two three']);
    expect(wrap('  result  one two three', 16, 10)).toEqual(['  result  one', '          two', '          three']);
  });

  it('breaks only a word that is longer than a line, at the end of one of its parts', () => {
    const url = `http://127.0.0.1:8080/${'items/'.repeat(12)}`;
    const lines = wrap(`see ${url} there`, 60);
    for (const one of lines) expect(displayWidth(one)).toBeLessThanOrEqual(60);
    expect(lines.join('').replaceAll(' ', '')).toBe(`see${url}there`);
    for (const one of lines.slice(1, -1)) expect(one).toMatch(/\/$/);
  });
});

describe('cut', () => {
  it('ends before the character that would not fit', () => expect(cut('ab漢字', 5)).toBe('ab漢'));
});

describe('fitHelp', () => {
  it('breaks what stands in a second column within it, or puts it below', () => {
    expect(fitHelp('  -c <n>    how many connections there are', 30)).toBe(
      ['  -c <n>    how many', '            connections there', '            are'].join('\n'),
    );
    expect(fitHelp('  hive run --rate 500/s URL    open model', 32)).toBe(
      ['  hive run --rate 500/s URL', '      open model'].join('\n'),
    );
  });
});
