import { expect, it } from 'vitest';
import { markInputSchema, type MarkInput } from '../src/index.js';

const mark: MarkInput = { text: 'shop 4.2.1' };

it('takes a text alone, and all that a mark can say', () => {
  expect(markInputSchema.parse({ text: '  shop 4.2.1 ' })).toEqual(mark);
  const whole: MarkInput = {
    target: 'shop',
    at: '2026-01-31T12:00:00+01:00',
    text: 'x'.repeat(200),
    url: 'https://example.org/releases/4.2.1',
    labels: { branch: 'main', sha: '1883231' },
  };
  expect(markInputSchema.parse(whole)).toEqual(whole);
});

it.each<[object, string, RegExp]>([
  [{}, 'text', /missing/],
  [{ text: ' ' }, 'text', /at least 1/],
  [{ text: 'x'.repeat(201) }, 'text', /at most 200/],
  [{ text: 'a\u001b[31mb' }, 'text', /control characters/],
  [{ ...mark, at: 'yesterday' }, 'at', /ISO 8601/],
  [{ ...mark, url: 'javascript:alert(1)' }, 'url', /http/],
  [{ ...mark, url: 'file:///etc/passwd' }, 'url', /http/],
  [{ ...mark, labels: { a: '' } }, 'labels.a', /at least 1/],
  [
    { ...mark, labels: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, 'v'])) },
    'labels',
    /at most 20 labels/,
  ],
  [{ ...mark, release: '4.2.1' }, '', /unknown/],
])('refuses %j', (input, field, message) => {
  const { error } = markInputSchema.safeParse(input);
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  expect(error?.issues[0]?.message).toMatch(message);
});
