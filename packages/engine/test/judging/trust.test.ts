import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { judgeClauses } from '../../src/judging/clauses.js';
import type { Facts } from '../../src/judging/facts.js';
import { createCollector } from '../../src/metrics/collector.js';
import { toFacts } from '../../src/execution/lay-out.js';
import { trustIn, trustInRamp } from '../../src/judging/trust.js';
import type { Around, Soundness } from '../../src/measuring.js';
import { facts as factsOf, stretch } from './measured.js';

const VALID = { status: 'valid' as const, reasons: [] };
const SOUND: Soundness = {
  always: VALID,
  whenMissed: VALID,
  isDelayed: false,
  couldNotSend: false,
  isThreadFull: false,
  isFullAtEnd: false,
};
const LATE: Soundness = { ...SOUND, whenMissed: { status: 'invalid', reasons: ['late'] } };
const DROPPED: Soundness = { ...SOUND, always: { status: 'invalid', reasons: ['dropped'] }, couldNotSend: true };
const FULL: Soundness = { ...LATE, isThreadFull: true, isFullAtEnd: true };
const QUIET: Around = { state: 'quiet' };
const CROWDED: Around = { state: 'full', by: 'others use 1.6 of 2 cores' };
const BUSY: Around = { state: 'busy', by: 'others use 1.6 of 2 cores' };
const facts = (bad: number, badByLateness?: number): Facts => {
  const late = badByLateness === undefined ? {} : { badByLateness: [badByLateness] };
  const whole = { ...stretch(1_000), endMs: 10_000, seconds: 10, bad: [bad], ...late };
  return factsOf({ objectives: ['p(99)<250'], whole, stretches: [] });
};
const trust = (some: Facts, soundness = SOUND, around: Around = QUIET): ReturnType<typeof trustIn> =>
  trustIn({ facts: some, judge: judgeClauses, judged: judgeClauses(some) }, { soundness, around });
const heed = (some: Facts): ReturnType<typeof trustIn> => trust(some);

describe('what can be trusted', () => {
  const UNKNOWN: Around = { state: 'unknown' };
  const SHARED: Around = { state: 'shared' };

  it.each<[string, Facts, Soundness, Around, string, string | undefined]>([
    ['passed, however late', facts(8), LATE, BUSY, 'valid', undefined],
    ['passed, its thread full', facts(8), FULL, QUIET, 'valid', undefined],
    ['passed, but not all was sent', facts(8), DROPPED, QUIET, 'invalid', 'ceiling'],
    ['passed, not all was sent beside others', facts(8), DROPPED, BUSY, 'invalid', 'disturbance'],
    ['passed, not all was sent, and nobody looked', facts(8), DROPPED, UNKNOWN, 'invalid', undefined],
    ['failed on a quiet machine', facts(20), SOUND, QUIET, 'valid', undefined],
    ['failed for lateness alone, nobody else there', facts(20, 15), LATE, QUIET, 'invalid', undefined],
    ['failed for lateness alone beside others', facts(20, 15), LATE, SHARED, 'invalid', 'disturbance'],
    ['failed for lateness alone on a full machine', facts(20, 15), LATE, BUSY, 'invalid', 'disturbance'],
    ['failed on a full machine, sent on time', facts(20), SOUND, BUSY, 'invalid', 'disturbance'],
    ['failed with a full thread', facts(20), FULL, QUIET, 'invalid', 'ceiling'],
    ['failed with a full thread on a full machine', facts(20), FULL, BUSY, 'invalid', 'ceiling'],
    ['failed and late by the target alone', facts(20, 5), LATE, QUIET, 'suspect', undefined],
    ['failed and late beside others', facts(20, 5), LATE, SHARED, 'invalid', 'disturbance'],
    ['failed and late, and nobody looked', facts(20, 5), LATE, UNKNOWN, 'invalid', undefined],
    ['failed beside others, sent on time', facts(20), SOUND, SHARED, 'valid', undefined],
    ['failed on a full machine where all got their time', facts(20), SOUND, CROWDED, 'valid', undefined],
    ['failed there, and Hive did not', facts(20), { ...SOUND, isDelayed: true }, CROWDED, 'invalid', 'disturbance'],
    ['passed there, and Hive did not', facts(8), { ...LATE, isDelayed: true }, CROWDED, 'valid', undefined],
  ])('%s', (_, some, soundness, around, status, cause) => {
    const found = trust(some, soundness, around);
    expect({ status: found.status, cause: found.cause }).toEqual({ status, cause });
  });

  it('says what a pass was counted in spite of', () => {
    expect(trust(facts(8), LATE, BUSY)).toEqual({ status: 'valid', reasons: ['late'] });
  });

  it.each<[string, boolean, Soundness, Around, string, string | undefined]>([
    ['broke nothing beside others', false, LATE, BUSY, 'valid', undefined],
    ['broke on a quiet machine', true, SOUND, QUIET, 'valid', undefined],
    ['broke on a full machine', true, SOUND, BUSY, 'invalid', 'disturbance'],
    ['broke as its thread was full', true, FULL, QUIET, 'invalid', 'ceiling'],
    ['broke late, by the target alone', true, LATE, QUIET, 'suspect', undefined],
    ['broke late, and nobody looked', true, LATE, UNKNOWN, 'invalid', undefined],
  ])('a ramp that %s', (_, broke, soundness, around, status, cause) => {
    const found = trustInRamp(broke, { soundness, around });
    expect({ status: found.status, cause: found.cause }).toEqual({ status, cause });
  });
});

describe('a failure and late sends', () => {
  it('takes a failure that lateness alone made for invalid, and says so', () => {
    expect(heed(facts(20, 15))).toEqual({ status: 'invalid', reasons: [expect.stringContaining('late')] });
  });

  it('takes the lateness of sends out of a mean as well', () => {
    const slow = { ...facts(0), objectives: ['avg<15'], latenciesMs: [15] };
    expect(heed({ ...slow, whole: { ...slow.whole, latenessMs: 6 } }).status).toBe('invalid');
    expect(heed({ ...slow, whole: { ...slow.whole, latenessMs: 4 } })).toEqual(VALID);
  });

  it('takes it out of the mean of each node too', () => {
    const { whole } = facts(0);
    const stretches = [{ ...whole, latenessMs: 6 }];
    const { groups } = toFacts({
      standard: { objectives: ['avg<15'], latenciesMs: [15] },
      measured: {
        totals: createCollector({ thresholdsMs: [15] }).judged(),
        stretches,
        groups: [{ name: 'a', whole, stretches, quantilesMs: new Map() }],
        classes: [],
      },
      target: toTarget({ url: 'http://127.0.0.1:1' }, 'shop'),
      closed: false,
      faults: null,
      memory: null,
      endedEarly: false,
    });
    const [node] = groups;
    if (node === undefined) throw new Error('it must be there');
    expect(heed({ ...facts(0), objectives: ['avg<15'], latenciesMs: [15], ...node }).status).toBe('invalid');
  });

  it.each([
    ['a failure that would have been one anyway', facts(20, 5)],
    ['a failure without lateness', facts(20)],
    ['what passed in spite of lateness', facts(8, 8)],
  ])('leaves %s alone', (_, some) => {
    expect(heed(some)).toEqual(VALID);
  });
});
