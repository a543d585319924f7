import { describe, expect, it } from 'vitest';
import { sayBasis, sayRange, saySafe, sayShort, valueOf } from '../src/panels/say-limit.js';
import { count, duration, figure, interval, percent, quantity, say } from '../src/ui/format.js';
import { limit } from './message-samples.js';

describe('numbers as text', () => {
  it.each([
    [null, '–'],
    [0, '0'],
    [2.345, '2.35'],
    [23.45, '23.5'],
    [1_603, '1,600'],
    [393.4, '393'],
    [12_345, '12,300'],
  ])('%s measured is %s', (value, text) => expect(figure(value)).toBe(text));

  it.each([
    [null, '–'],
    [1_603, '1,603'],
  ])('%s counted is %s', (value, text) => expect(count(value)).toBe(text));

  it.each([
    [null, '–'],
    [0, '0 %'],
    [1, '100 %'],
    [0.99999, '>99.9 %'],
    [0.5, '50 %'],
    [0.9876, '98.8 %'],
  ])('the share %s is %s', (share, text) => expect(percent(share)).toBe(text));

  it.each([
    [7.4, '7 s'],
    [90, '1:30 min'],
    [7_500, '2:05 h'],
  ])('%s seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    [250, 'ms', '250 ms'],
    [12_345, 'ms', '12.3 s'],
    [396, 'requests/s', '396 requests/s'],
    [0.05, 'share', '5 %'],
    [512, 'bytes', '512 bytes'],
    [65_536, 'bytes', '65.5 kB'],
    [1_048_576, 'bytes', '1.05 MB'],
    [null, 'ms', '–'],
  ])('%s %s are told as %s', (value, unit, text) => expect(say(quantity(value, unit))).toBe(text));

  it('an interval has one unit, that of its high end', () => {
    expect(say(interval(377.2, 436.8, 'requests/s'))).toBe('377–437 requests/s');
    expect(say(interval(800_000, 1_600_000, 'bytes'))).toBe('0.8–1.6 MB');
  });
});

describe('a limit in words', () => {
  const known = { ...limit(377, 437), method: 'belief' as const, level: 0.95, estimate: 396 };

  it('is a number with its interval, and says how sure that is', () => {
    expect(sayShort(known)).toBe('396 requests/s (377–437)');
    expect(sayRange(known)).toBe('95 % interval 377–437 requests/s');
    expect(sayRange(limit(377, 437))).toBe('bracket 377–437 requests/s');
  });

  it('is never a number where only a bound, or nothing, is known', () => {
    const atLeast = { ...known, status: 'at_least' as const, high: null };
    expect(sayShort(atLeast)).toBe('at least 377 requests/s');
    expect(sayShort({ ...known, status: 'below' })).toBe('below 437 requests/s');
    const unknown = { ...known, status: 'unknown' as const, low: null, high: null, estimate: null };
    expect(valueOf(unknown)).toBeNull();
    expect(sayShort(unknown)).toBe('not measured yet');
    expect(sayShort({ ...known, status: 'not_monotone' })).toBe('no single limit (377–437)');
  });

  it('is called safe as predicted, or as soaked', () => {
    expect(saySafe(known)).toBe('');
    expect(saySafe({ ...known, safe: 300 })).toBe('Safe up to 300 requests/s, predicted for runs of 10 minutes');
    expect(saySafe({ ...known, safe: 300, heldSeconds: 300 })).toBe('Safe up to 300 requests/s, soaked for 5:00 min');
  });

  it('names the objective that the API names, while that one has been seen to break', () => {
    expect(sayBasis(known)).toBe('p(99)<250 breaks first · 3 runs');
    expect(sayBasis({ ...known, binding: 'rate<0.01' })).toBe('rate<0.01 breaks first · 3 runs');
    expect(sayBasis({ ...known, binding: null })).toBe('3 runs');
    expect(sayBasis({ ...known, status: 'at_least', reason: 'held' })).toBe('held · 3 runs');
    const reason = "too short (more time would help: --budget 12m, or --objective 'p(90)<250')";
    expect(sayBasis({ ...known, binding: null, reason })).toBe(
      'too short (more time would help: a time budget of 12 min, or the objective p(90)<250) · 3 runs',
    );
  });
});
