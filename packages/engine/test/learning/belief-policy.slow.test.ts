import { describe, it } from 'vitest';
import * as sessions from './belief-sessions.js';

const seeds = sessions.seedsUpTo(12);
const RUNS = { numRuns: 12 };

describe('sessions of many seeds', () => {
  it('find the limit to ±5 %, and its 95 % interval holds the truth in nearly all of twelve', () => {
    sessions.expectLimitFound(seeds, 1);
  });

  it.each([
    ['refused', 'rate<0.01'],
    ['late', 'p(99)<250'],
  ] as const)('name the clause that tells why, where the bad requests are %s', (badFor, binding) => {
    sessions.expectBindingNamed(seeds.slice(0, 4), badFor, binding);
  });

  it('need fewer seconds for ±10 % than for ±5 %', () => sessions.expectCoarseIsQuicker(seeds));

  it('begin where the last one ended, without a chirp, and end sooner', () => sessions.expectWarmStart(seeds));

  it('notice that the target takes a fifth less, and say so', () => {
    sessions.expectChangeNoticed(seeds, { right: 2, saying: 1 });
  });
});

describe('sessions against any service', () => {
  it('see the target hold below its limit and fail above before they end', () => sessions.expectBothSidesSeen(RUNS));

  it('never leave the cap, and say "at least" where everything up to it holds', () => sessions.expectCapKept(RUNS));

  it('send nothing that probably fails where overload is not allowed', () => sessions.expectGentle(RUNS));

  it('end within their budget, whatever that is', () => sessions.expectBudgetKept(RUNS));
});
