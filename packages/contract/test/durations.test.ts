import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultBudgetSeconds, HiveError, parseDuration, parseRate } from '@hive/contract';

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['1h1m1s1ms', 3_661_001],
    ['0s', 0],
    ['1.5s', 1_500],
    ['0.5ms', 0.5],
    [' 5m ', 300_000],
  ])('%j is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', ' ', '10', 's', '-1s', '1 s', '1s 2m', '1d', '1S', '1e3s', '.5s', '10sec', 'ten', '1m30'])(
    '%j is refused, by name and with an example',
    (text) => {
      expect(() => parseDuration(text)).toThrow(HiveError);
      expect(() => parseDuration(text)).toThrow(`'${text}'`);
    },
  );

  it('is the sum of its parts', () => {
    const part = fc.nat(10_000);
    fc.assert(
      fc.property(part, part, part, part, (h, m, s, ms) => {
        expect(parseDuration(`${h}h${m}m${s}s${ms}ms`)).toBe(h * 3_600_000 + m * 60_000 + s * 1_000 + ms);
      }),
    );
  });

  it('is read again from what the reading was given', () => {
    fc.assert(fc.property(fc.nat(1e9), (ms) => parseDuration(`${ms}ms`) === ms));
  });
});

describe('a rate', () => {
  it.each([
    ['50/s', 50],
    ['50', 50],
    ['3000/m', 50],
    ['180000/h', 50],
    ['0.5/s', 0.5],
    [' 12.5/s ', 12.5],
  ])('%j is %s a second', (text, perSecond) => {
    expect(parseRate(text)).toBe(perSecond);
  });

  it.each(['', '0', '0/s', '-5/s', '50/ms', '50/d', '50 /s', '/s', '50/', '50rps', '1e3/s', 'fast'])(
    '%j is refused, by name and with an example',
    (text) => {
      expect(() => parseRate(text)).toThrow(HiveError);
      expect(() => parseRate(text)).toThrow(`'${text}'`);
    },
  );

  it('is the same in each unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (rate) => {
        expect(parseRate(`${rate * 60}/m`)).toBe(parseRate(`${rate}/s`));
        expect(parseRate(`${rate * 3_600}/h`)).toBe(parseRate(`${rate}`));
      }),
    );
  });
});

it('a session has its budget, and the time of a hold', () => {
  expect(defaultBudgetSeconds()).toBeGreaterThan(0);
  expect(defaultBudgetSeconds(300)).toBe(defaultBudgetSeconds() + 300);
});
