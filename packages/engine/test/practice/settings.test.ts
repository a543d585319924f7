import { describe, expect, it } from 'vitest';
import { practiceSettings } from '../../src/practice/settings.js';

describe('practiceSettings', () => {
  it('has the documented defaults', () => {
    expect(practiceSettings()).toMatchObject({
      workers: 8,
      serviceMs: 20,
      distribution: 'constant',
      seed: 1,
      queueLimit: Number.POSITIVE_INFINITY,
      nodes: 1,
      port: 0,
      host: '127.0.0.1',
    });
  });

  it('has nothing by default that would move the limits of plain requests', () => {
    expect(practiceSettings()).toMatchObject({
      slowNode: 0,
      leakBytesPerRequest: 0,
      dependency: null,
      withDependency: false,
      bandwidthBytesPerSecond: Number.POSITIVE_INFINITY,
      transferBytesPerSecond: Number.POSITIVE_INFINITY,
    });
  });

  it.each([
    ['workers', 0],
    ['workers', 1.5],
    ['serviceMs', 0],
    ['serviceMs', Number.NaN],
    ['distribution', 'normal'],
    ['seed', -1],
    ['queueLimit', -1],
    ['nodes', 0],
    ['nodes', 65],
    ['port', 65_536],
    ['slowNode', 2],
    ['slowFactor', 0.5],
    ['heavyPath', 'report'],
    ['heavyPath', '/items/1'],
    ['heavyPath', '/'],
    ['heavyServiceMs', 0],
    ['heavySlots', -1],
    ['cacheKeys', -1],
    ['cachePolicy', 'lfu'],
    ['hitMs', -1],
    ['maxBodyBytes', Number.POSITIVE_INFINITY],
    ['bandwidthBytesPerSecond', 0],
    ['transferBytesPerSecond', 10],
    ['transferBurstBytes', -1],
    ['leakBytesPerRequest', 1.5],
    ['leakAbovePerSecond', -1],
    ['leakLimitBytes', Number.NaN],
    ['dependency', 'localhost'],
    ['dependency', 'localhost:0'],
    ['dependencyFor', 'some'],
    ['dependencyReuse', 'random'],
    ['dependencyTrips', 0],
    ['dependencyTimeoutMs', 0],
    ['dependencyDelayMs', -1],
    ['dependencyConnections', 0],
  ])('refuses %s = %s by name', (field, value) => {
    expect(() => practiceSettings({ [field]: value })).toThrow(new RegExp(`^${field} is`));
  });

  it('refuses two dependencies', () => {
    expect(() => practiceSettings({ dependency: '127.0.0.1:9', withDependency: true })).toThrow(/^dependency is/);
  });
});
