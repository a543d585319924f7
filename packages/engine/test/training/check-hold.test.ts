import { HiveError, KINDS, toTarget, type Kind } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { checkHold } from '../../src/training/check-hold.js';

const NAMES = { hold: 'holdSeconds', budget: 'budgetSeconds', kinds: 'kinds' };
const asked = { holdMs: 300_000 as number | undefined, budgetMs: 420_000, kinds: [...KINDS] as Kind[] };
const target = (maxSeconds: number) => toTarget({ url: 'http://127.0.0.1:1', safety: { maxSeconds } }, 'shop');

describe('checkHold', () => {
  it.each([
    ['no hold at all', { holdMs: undefined, budgetMs: 5_000, kinds: ['memory_optimization'] }],
    ['five minutes in a budget of seven', {}],
    ['a minute in two', { holdMs: 60_000, budgetMs: 120_000 }],
  ] as [string, Partial<typeof asked>][])('takes %s', (_, more) => {
    expect(() => checkHold({ ...asked, ...more, target: target(300) }, NAMES)).not.toThrow();
  });

  it.each([
    [{ holdMs: 10_000 }, 300, 'holdSeconds: 10 s show little', 'hold for 60 s or more'],
    [
      {},
      120,
      "holdSeconds: 300 s are more than 120 s, the longest run that the target's safety.maxSeconds allows",
      'raise safety.maxSeconds',
    ],
    [
      { budgetMs: 120_000 },
      300,
      'budgetSeconds: 120 s leave too little to search beside a hold of 300 s',
      'give 360 s or more',
    ],
    [{ kinds: ['concurrent_requests'] }, 300, 'kinds: only load_balancing has a rate', 'add load_balancing'],
  ] as [Partial<typeof asked>, number, string, string][])(
    'refuses %j with a mend',
    (more, maxSeconds, message, hint) => {
      try {
        checkHold({ ...asked, ...more, target: target(maxSeconds) }, NAMES);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(HiveError);
        expect(error).toMatchObject({ code: 'validation', message: expect.stringContaining(message) as string });
        expect((error as HiveError).hint).toContain(hint);
      }
    },
  );
});
