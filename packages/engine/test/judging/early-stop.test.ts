import { describe, expect, it } from 'vitest';
import { certainFailure } from '../../src/judging/early-stop.js';
import { stretch } from './measured.js';

const seconds = (count: number, one: object) =>
  Array.from({ length: count }, (_, i) => ({ ...stretch(100, { seconds: 1, endMs: 1_000 * (i + 1) }), ...one }));
const slow = (count: number) => seconds(count, { bad: [100] });
const lasting = (count: number, meanMs: number) => seconds(count, { bad: [0], meanMs });
const refused = (count: number) => seconds(count, { counts: { ...stretch(100, { failed: 100 }).counts }, bad: [100] });

describe('certainFailure', () => {
  it.each([
    [
      'more are slow than all that are planned allow',
      ['p(99)<250'],
      slow(1),
      /^100 bad requests so far already break p\(99\)<250 for all 1,000/,
    ],
    ['half are allowed', ['p(50)<250'], slow(4), null],
    ['half are allowed, and more are slow', ['p(50)<250'], slow(6), /p\(50\)<250/],
    ['errors alone are bounded', ['rate<0.01'], refused(1), /^100 bad requests so far already break rate<0.01/],
    [
      'response times add up to more than all may take',
      ['avg<80'],
      lasting(3, 800),
      /^response times so far already break avg<80/,
    ],
    ['what comes may still make up for it', ['avg<80'], lasting(2, 800), null],
    ['not much above the mean: nothing is certain before the end', ['avg<80'], lasting(9, 100), null],
    ['a throughput', ['throughput>=1000'], slow(9), null],
  ] as const)('%s', (_, objectives, stretches, reason) => {
    const said = certainFailure(objectives, stretches, 1_000);
    if (reason === null) expect(said).toBeNull();
    else expect(said).toMatch(reason);
  });

  it('rounds no mean of a few requests up: what is rounded in each stretch would add up', () => {
    const few = Array.from({ length: 20 }, (_, i) => ({
      ...stretch(1, { seconds: 0.5, endMs: 500 * (i + 1) }),
      bad: [0],
      meanMs: 81,
    }));
    expect(certainFailure(['avg<80'], few, 40)).toBeNull();
  });

  it('waits while the newest second is well', () => {
    expect(certainFailure(['p(99)<250'], [...slow(2), ...seconds(1, { bad: [0] })], 1_000)).toBeNull();
  });
});
