import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  didYouMean,
  figure,
  isExecution,
  isHostName,
  METRIC_TYPES,
  METRIC_UNITS,
  metricRowSchema,
  newExecutionId,
  newTrainingId,
  suggestion,
} from '@hive/contract';

describe('a figure', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [1.005, '1'],
    [99.94, '99.9'],
    [100.4, '100'],
    [999.5, '1,000'],
    [1_234_567, '1,234,567'],
    [-4_321, '-4,321'],
  ])('%s reads %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  it('is the number, to three digits or the whole', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (value) => {
        const read = Number(figure(value).replaceAll(',', ''));
        expect(Math.abs(read - value) / value).toBeLessThan(0.0051);
      }),
    );
  });
});

describe('a misspelt word', () => {
  const known = ['load_balancing', 'cache_efficiency', 'maxRatePerSecond'];

  it.each([
    ['load-balancing', 'load_balancing'],
    ['LoadBalancin', 'load_balancing'],
    ['lodabalancing', 'load_balancing'],
    ['maxrate_per_second', 'maxRatePerSecond'],
    ['chache_eficiency', 'cache_efficiency'],
    ['juggling', null],
    ['', null],
  ])('%j meant %s', (written, meant) => {
    expect(didYouMean(written, known)).toBe(meant);
  });

  it('is answered with the word that was meant, or with all there are', () => {
    expect(suggestion('load-balancing', known)).toContain('load_balancing');
    for (const word of known) expect(suggestion('juggling', known)).toContain(word);
    expect(suggestion('juggling', [])).not.toBe('');
  });

  it('is found with one letter wrong, left out or twice', () => {
    const place = fc.nat(known[0]!.length - 1);
    fc.assert(
      fc.property(place, fc.constantFrom('z', '', 'zz'), (index, letter) => {
        const written = known[0]!.slice(0, index) + letter + known[0]!.slice(index + 1);
        expect(didYouMean(written, known)).toBe(known[0]);
      }),
    );
  });
});

it('ids say what a session is', () => {
  expect([isExecution(newExecutionId()), isExecution(newTrainingId())]).toEqual([true, false]);
  expect(newTrainingId()).not.toBe(newTrainingId());
});

describe('a host', () => {
  it.each(['localhost', 'hive.example', 'hive.example.', 'a-b.c', 'x_1', 'a'.repeat(63)])('may be %s', (name) => {
    expect(isHostName(name)).toBe(true);
  });

  it.each(['', '.', 'a..b', '-a', 'a-', 'a b', 'http://a', 'a:80', '*.a', '[::1]', 'a'.repeat(64), 'ab.'.repeat(85)])(
    'may not be %j',
    (name) => {
      expect(isHostName(name)).toBe(false);
    },
  );
});

describe('metrics', () => {
  it.each(METRIC_TYPES)('%s has a unit, and a row', (type) => {
    expect(METRIC_UNITS[type]).toMatch(/^(ms|1\/s|share|count|bytes)$/);
    const row = { id: 1, timestamp: '2026-01-31T12:00:00.000Z', metric_type: type, value: 0.5, scenario_id: 'a' };
    expect(metricRowSchema.parse({ ...row, metadata: {} })).toEqual({ ...row, metadata: {} });
  });
});
