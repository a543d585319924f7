import { describe, expect, it } from 'vitest';
import { parseSelector, selects } from '../../src/watching/series-selector.js';

const line = (name: string, labels: Record<string, string> = {}) => ({
  name,
  labels: new Map(Object.entries(labels)),
  value: 1,
});

describe('a selector', () => {
  it.each<[string, ReturnType<typeof line>, boolean]>([
    ['jobs', line('jobs'), true],
    ['jobs', line('jobs', { queue: 'a' }), true],
    ['jobs', line('jobs_total'), false],
    [' jobs{queue="a"} ', line('jobs', { queue: 'a', node: '1' }), true],
    ['jobs{queue="a"}', line('jobs', { queue: 'b' }), false],
    ['jobs{queue="a"}', line('jobs'), false],
    ['jobs{queue=""}', line('jobs'), true],
    ['jobs{queue="a", node="1",}', line('jobs', { queue: 'a', node: '1' }), true],
    ['jobs {}', line('jobs', { queue: 'b' }), true],
    [String.raw`jobs{queue="say \"a\""}`, line('jobs', { queue: 'say "a"' }), true],
  ])('%s over %o: %s', (text, against, expected) => {
    expect(selects(parseSelector(text, 'watch.series[0]'), against)).toBe(expected);
  });

  it.each(['', '  ', '1jobs', 'jobs{', 'jobs{queue}', 'jobs{queue=~"a"}', 'jobs{queue="a"} 1', 'rate(jobs)', 'jobs 1'])(
    'refuses %j and names the field',
    (text) => {
      expect(() => parseSelector(text, 'watch.series[3]')).toThrowError(
        expect.objectContaining({ code: 'validation', message: expect.stringContaining('watch.series[3]') }),
      );
    },
  );
});
