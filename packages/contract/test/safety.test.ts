import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boundsOf, defaultSafety, HIVE_VERSION, isHere, toTarget, type Target } from '@hive/contract';

const here = 'http://127.0.0.1:8080';
const there = 'https://shop.example';
const safetyOf = (url: string, safety = {}): Target['safety'] => toTarget({ url, safety }, 'shop').safety;

describe('the safety settings of a target', () => {
  it.each([
    ['http://127.0.0.1', true],
    ['http://127.8.9.1:80', true],
    ['http://localhost:3000', true],
    ['http://[::1]:1', true],
    ['http://0x7f000001/', true],
    ['http://127.0.0.1.example', false],
    ['http://localhost.example', false],
    ['http://10.0.0.1', false],
    ['http://[::ffff:10.0.0.1]', false],
  ])('%s is on this machine: %s', (url, expected) => {
    expect(isHere([{ url }])).toBe(expected);
  });

  it('are careful beyond this machine, until its owner raises them', () => {
    expect(safetyOf(here)).toMatchObject({
      environment: 'local',
      maxRatePerSecond: 10_000,
      maxConnections: 1_000,
      maxSeconds: 300,
      maxRequests: null,
      maxBadRequests: null,
    });
    expect(safetyOf(there)).toMatchObject({
      environment: 'staging',
      maxRatePerSecond: 200,
      maxConnections: 50,
      maxSeconds: 120,
      maxBadRequests: 500,
    });
    expect(safetyOf(there, { maxRatePerSecond: 900, maxBadRequests: null })).toMatchObject({
      maxRatePerSecond: 900,
      maxConnections: 50,
      maxBadRequests: null,
    });
    expect(isHere([{ url: here }, { url: there }])).toBe(false);
  });

  it('are those of the environment that its owner names, wherever it is', () => {
    expect(safetyOf(here, { environment: 'production' })).toMatchObject({ maxRatePerSecond: 200, maxBadRequests: 50 });
    expect(safetyOf(here, { environment: 'staging' })).toMatchObject({ maxRatePerSecond: 200, maxBadRequests: 500 });
    // What its owner calls local is beyond this machine all the same.
    expect(safetyOf(there, { environment: 'local' })).toMatchObject({ maxRatePerSecond: 200, maxBadRequests: null });
  });

  it('of a target that 0.1.0 stored are filled in when they are asked for', () => {
    const {
      environment: _,
      hours: __,
      maxRequests: ___,
      maxBadRequests: ____,
      guards: _____,
      ...old
    } = defaultSafety([]);
    expect(boundsOf({ nodes: [{ url: there }], safety: old })).toEqual({
      environment: 'staging',
      hours: [],
      maxRequests: null,
      maxBadRequests: 500,
      guards: [],
    });
  });
});

it('the version is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(HIVE_VERSION).toBe(version);
});
