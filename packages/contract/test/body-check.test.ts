import { describe, expect, it } from 'vitest';
import { bodyCheckSchema, targetInputSchema } from '../src/index.js';

const said = (check: unknown): string[] =>
  bodyCheckSchema.safeParse(check).error?.issues.map(({ message }) => message) ?? [];

describe('what the body of an answer must show', () => {
  it('may be a text alone', () => {
    expect(bodyCheckSchema.parse('ok')).toBe('ok');
  });

  it.each(['a+b*', '(ab)+', '[(+]*x', '\\(a+\\)*', 'a{2,3}', '(?:item|thing) \\d+', '^\\{"id":\\d+', '(a+b)c'])(
    'may match /%s/',
    (matches) => {
      expect(said({ matches })).toEqual([]);
    },
  );

  it.each([
    ['(a+)*', /repeats what repeats/],
    ['((ab)+c)*', /repeats what repeats/],
    ['(?:a|a)*', /repeats what repeats/],
    ['(x{2,})+', /repeats what repeats/],
    ['([ab]*c){3}', /repeats what repeats/],
    ['(a)\\1', /refers back/],
    ['(a', /is no regular expression/],
  ])('may not match /%s/', (matches, message) => {
    expect(said({ matches })).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    [{}, 'give contains, matches or json'],
    [17, 'write a text, or contains, matches or json'],
    [{ json: { 'a b': 1 } }, 'write a path such as $.access_token or $.items[0].id'],
    [{ includes: 'x' }, 'is unknown'],
  ])('is not %j', (check, message) => {
    expect(said(check)).toContainEqual(expect.stringContaining(message));
  });

  it('is not asked of an answer that has no body', () => {
    const requests = [{ name: 'head', method: 'HEAD', check: 'ok' }];
    const { error } = targetInputSchema.safeParse({ url: 'http://127.0.0.1:1', requests });
    expect(error?.issues).toMatchObject([{ path: ['requests', 0, 'check'] }]);
  });
});
