import { describe, expect, it } from 'vitest';
import { createDepthWatch } from '../src/index.js';

const isDeeper = (most: number, ...parts: string[]): boolean => {
  const watch = createDepthWatch(most);
  return parts.map((part) => watch(Buffer.from(part))).some(Boolean);
};

describe('how deep a JSON text nests', () => {
  it.each([
    ['[[1]]', 2, false],
    ['[[1]]', 1, true],
    ['{"a":[{"b":1}]}', 2, true],
    ['[[],[],[[]]]', 3, false],
    ['"[[[["', 0, false],
    [String.raw`["\"[[[", "\\"]`, 1, false],
    ['["ü[", "[€"]', 1, false],
    ['[[[[', 3, true],
  ])('%s beyond %i: %j', (text, most, deeper) => expect(isDeeper(most, text)).toBe(deeper));

  it('goes on over parts, wherever they are cut', () => {
    const text = String.raw`{"a\"[[[": ["b", {"c": "\\"}]}`;
    for (let at = 0; at <= text.length; at += 1) {
      expect(isDeeper(3, text.slice(0, at), text.slice(at))).toBe(false);
      expect(isDeeper(2, text.slice(0, at), text.slice(at))).toBe(true);
    }
  });
});
