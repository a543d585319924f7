import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brokenReference,
  checkSecrets,
  escapeReferences,
  fillIn,
  neededNames,
  referencesIn,
  resolveSecrets,
  secretNames,
} from '../../src/safety/secrets.js';

const target = {
  id: 'shop',
  requests: [
    {
      path: '/a?key=${KEY}',
      headers: { authorization: 'Bearer ${TOKEN}', 'x-plain': 'plain' },
      body: '{"a":"${TOKEN}","b":"$${TOKEN}","c":"${ABSENT:-none}"}',
    },
    { path: '/b', headers: {} },
  ],
};

describe('fillIn', () => {
  it.each([
    ['plain', 'plain'],
    ['${A}', 'a'],
    ['x${A}${A}y', 'xaay'],
    ['${B:-b c}', 'b c'],
    ['${EMPTY}', ''],
    ['${EMPTY:-e}', 'e'],
    ['${B:-}', ''],
    ['${B}', '${B}'],
    ['$${A}', '${A}'],
    ['$$${A}', '$${A}'],
    ['$A $1 ${', '$A $1 ${'],
    ['${toString}', '${toString}'],
    ['${DOLLARS}', '$& $1 ${A}'],
  ])('%s', (text, filled) => expect(fillIn(text, { A: 'a', EMPTY: '', DOLLARS: '$& $1 ${A}' })).toBe(filled));

  it('is undone by the escape, for any text', () => {
    const text = fc.array(fc.constantFrom('$', '{', '}', 'A', ':-', '${A}', 'é')).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (plain) => fillIn(escapeReferences(plain), { A: 'a' }) === plain));
  });
});

describe('references', () => {
  it('are found with their defaults', () => {
    expect(referencesIn('${A} $${B} ${C:-d}')).toMatchObject([
      { name: 'A', fallback: null },
      { name: 'C', fallback: 'd' },
    ]);
  });

  it.each([
    ['${a.b} ${OK}', '${a.b}'],
    ['${', '${'],
    ['${1A}', '${1A}'],
    ['$${a.b} ${OK} $x {y}', null],
  ])('%s is broken at %s', (text, piece) => expect(brokenReference(text)).toBe(piece));
});

describe('the secrets of a target', () => {
  it('are named, and filled in only where the target is to be dialled', () => {
    expect(secretNames(target)).toEqual(['ABSENT', 'KEY', 'TOKEN']);
    const before = structuredClone(target);
    const resolved = resolveSecrets(target, { KEY: 'a b/&', TOKEN: 't0p' });
    expect(resolved).toEqual({
      id: 'shop',
      requests: [
        {
          path: '/a?key=a%20b/%26',
          headers: { authorization: 'Bearer t0p', 'x-plain': 'plain' },
          body: '{"a":"t0p","b":"${TOKEN}","c":"none"}',
        },
        { path: '/b', headers: {} },
      ],
    });
    expect(target).toEqual(before);
  });

  it('that are missing are all named, and no value is shown', () => {
    const check = (): void => checkSecrets(target, { OTHER: 'hidden' });
    expect(check).toThrow(/KEY, TOKEN/);
    expect(check).not.toThrow(/hidden|ABSENT/);
    expect(() => resolveSecrets(target, { KEY: 'k' })).toThrow(/need TOKEN, not set/);
  });

  it('are needed only by what will be sent', () => {
    const write = { method: 'POST', path: '/w', headers: { authorization: '${WRITE}' }, body: '${KEY}' };
    const mixed = { requests: [{ method: 'GET', path: '/r?k=${KEY}', headers: {} }, write] };
    const off = { allowWrites: false, environment: 'local' } as const;
    expect(neededNames({ ...mixed, safety: off })).toEqual(['KEY']);
    expect(neededNames({ ...mixed, safety: { ...off, allowWrites: true } })).toEqual(['KEY', 'WRITE']);
    const production = { allowWrites: true, environment: 'production' } as const;
    expect(resolveSecrets({ ...mixed, safety: production }, { KEY: 'k' }).requests).toMatchObject([
      { path: '/r?k=k' },
      { headers: { authorization: '${WRITE}' }, body: 'k' },
    ]);
    expect(() => resolveSecrets({ ...mixed, safety: off }, {})).toThrow(/need KEY, not set/);
  });
});
