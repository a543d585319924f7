import { describe, expect, it } from 'vitest';
import { headroomWords, targetInputSchema, toTarget, twiceWords, type Headroom } from '../src/index.js';

const url = 'http://127.0.0.1:8080';

describe('the traffic of a target', () => {
  it.each([220, { prometheus: 'http://prometheus:9090', query: 'sum(rate(http_requests_total[1m]))' }])(
    'is kept as %j',
    (traffic) => {
      expect(toTarget({ url, traffic }, 'shop').traffic).toEqual(traffic);
    },
  );

  it('is absent where it is not said', () => {
    expect(Object.keys(toTarget({ url }, 'shop'))).not.toContain('traffic');
  });

  const whatToWrite = 'write the requests/s at peak, such as 220, or prometheus (http://host:port) and query';

  it.each([
    [0, 'traffic', 'must be above 0'],
    ['220/s', 'traffic', whatToWrite],
    [{}, 'traffic', whatToWrite],
    [{ prometheus: url }, 'traffic', whatToWrite],
    [{ prometheus: 'there', query: 'up' }, 'traffic.prometheus', 'must be an http:// or https:// address'],
    [{ prometheus: url, query: 'up', step: 1 }, 'traffic', 'is unknown'],
  ])('is not %j', (traffic, field, message) => {
    const { error } = targetInputSchema.safeParse({ url, traffic });
    expect(error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[field, message]]);
  });
});

describe('headroom in words', () => {
  const headroom: Headroom = { peakPerSecond: 220, headroom: 358 / 220, atTwice: null, at: null };

  it('compares the peak with the safe rate', () => {
    expect(headroomWords(headroom, 358)).toBe('peak 220/s, safe 358: ×1.6');
    expect(headroomWords({ ...headroom, peakPerSecond: 1_200 }, 358)).toBe('peak 1,200/s, safe 358: ×0.3');
    expect(headroomWords({ ...headroom, peakPerSecond: 0.5 }, 358)).toBe('peak 0.5/s, safe 358: ×720');
    expect(headroomWords(headroom, null)).toBe('peak 220/s');
    expect(headroomWords({ ...headroom, peakPerSecond: null, trouble: 'Prometheus answered 503' }, 358)).toBe(
      'traffic is not known: Prometheus answered 503',
    );
  });

  it('says what happens at twice the peak, where that is known', () => {
    expect(twiceWords(headroom)).toBe('');
    expect(twiceWords({ ...headroom, atTwice: { pass: 0.123, p99Ms: null } })).toBe(
      'at twice the peak (440/s): 12 % chance to pass',
    );
    const p99Ms = { estimate: 80, low: 71.23, high: 94.4 };
    expect(twiceWords({ ...headroom, atTwice: { pass: 0.99, p99Ms } })).toBe(
      'at twice the peak (440/s): 99 % chance to pass, p99 71.2–94.4 ms',
    );
  });
});
