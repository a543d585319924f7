import fc from 'fast-check';
import { expect, it } from 'vitest';
import { headersOf, headerText, linesOf, pairsOf } from '../src/panels/editor/pairs';

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/);
const value = fc.stringMatching(/^[a-z0-9=$ {}]{0,20}$/).map((text) => text.trim());

it('pairs of names and values are read as they were shown', () => {
  fc.assert(
    fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (pairs) => {
      expect(pairsOf(linesOf(pairs)) ?? {}).toEqual(pairs);
    }),
  );
});

it.each([
  ['', undefined],
  ['\n  \n', undefined],
  [' team = shop \n\ntier=1', { team: 'shop', tier: '1' }],
  ['query=a=b', { query: 'a=b' }],
  ['alone', { alone: '' }],
])('%j holds %j', (lines, pairs) => {
  expect(pairsOf(lines)).toEqual(pairs);
});

it.each([
  ['', undefined],
  ['accept: text/html\n\n cookie:a=1', { accept: 'text/html', cookie: 'a=1' }],
  ['X-Tag: a\nx-tag: b', { 'X-Tag': ['a', 'b'] }],
  ['referer: http://127.0.0.1:1/', { referer: 'http://127.0.0.1:1/' }],
  ['alone', { alone: '' }],
])('the lines %j are the headers %j, and again the lines', (lines, headers) => {
  expect(headersOf(lines)).toEqual(headers);
  expect(headersOf(headerText(headers))).toEqual(headers);
});
