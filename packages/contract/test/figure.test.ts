import { amount, amounts, figure, observedText, rounded } from '@hive/contract';
import { describe, expect, it } from 'vitest';

describe('figures', () => {
  it.each([
    [0.123456, '0.123'],
    [99.96, '100'],
    [1_234.5, '1,235'],
    [-12_345, '-12,345'],
  ])('shows counts whole, with thousands separated: %d', (value, text) => expect(figure(value)).toBe(text));

  it.each([
    [0.123456, '0.123'],
    [412.4, '412'],
    [12_345, '12,300'],
  ])('shows measured values with three significant digits: %d', (value, text) => expect(rounded(value)).toBe(text));

  it.each([
    [412.345, 'requests/s', '412 requests/s'],
    [12_345, 'requests/s', '12,300 requests/s'],
    [1_024, 'connections', '1,024 connections'],
    [0.351, 'share', '35.1 %'],
    [800, 'bytes', '800 bytes'],
    [1_572_864, 'bytes', '1.5 MiB'],
  ])('adds the unit: %d %s', (value, unit, text) => expect(amount(value, unit)).toBe(text));

  it.each([
    [377.2, 437.4, 'requests/s', '377–437 requests/s'],
    [0.3, 0.45, 'share', '30–45 %'],
    [524_288, 1_048_576, 'bytes', '0.5–1 MiB'],
  ])('writes an interval with its unit once: %d to %d', (low, high, unit, text) =>
    expect(amounts(low, high, unit)).toBe(text),
  );
});

describe('what was observed of an objective', () => {
  it.each([
    ['p(99)<250', 326, '326 ms'],
    ['login:ttfb.p(95)<300', 33.7, '33.7 ms'],
    ['rate<0.01', 0.02, '2 %'],
    ['login:rate==0', 0.02, '2 %'],
    ['throughput>=100', 383, '383 requests/s'],
    ['count>=1000', 149, '149 good answers'],
    ['rated:avg<80', 20, '20 ms'],
    ['p(99)<250', null, 'not measured'],
  ])('of %s, %s is %s', (expression, observed, text) => {
    expect(observedText(expression, observed)).toBe(text);
  });
});
