import { describe, expect, it } from 'vitest';
import { doubtAbout, notMonotone } from '../../src/learning/limit/doubts.js';
import { createLearner, type Learner, type Tried } from '../../src/learning/limit/learner.js';
import { learnerOf } from '../../src/learning/limit/fold.js';
import { RATE_AXIS } from './axis.js';

const CONFIG = learnerOf({ ...RATE_AXIS }, []).config;

type Run = [intensity: number, worst: number, session?: number, seconds?: number];
const ENDS = { estimate: 400, low: 390, high: 410 };

/** A learner that tried these, one after the other. */
function tried(...runs: Run[]): Learner {
  const all = runs.map(([intensity, worst, session = 0, seconds = 12], i): Tried => ({
    intensity,
    offered: intensity,
    worst,
    seconds,
    session,
    ratePerSecond: intensity,
    failed: worst > 0,
    isValid: true,
    worstWindow: null,
    surelyBroke: worst > 0,
    endedAtEpoch: 0,
    endedAtSeconds: 20 * (i + 1),
  }));
  return { ...createLearner(CONFIG), tried: all };
}

/** Random arrivals: whatever was asked for, so much came. */
function arrivedAlike(learner: Learner, offered: number): Learner {
  return { ...learner, tried: learner.tried.map((one) => ({ ...one, offered })) };
}

describe('a doubt about a limit', () => {
  it.each<[string, Learner, string | null]>([
    ['runs that agree', tried([390, -2], [420, 3], [400, -0.5], [405, 0.5]), null],
    ['runs that contradict each other by 2 %', tried([408, -2], [400, 2]), null],
    ['by more, but as close calls', tried([430, -0.5], [400, 2], [430, -2, 0, 3]), null],
    [
      'by 5 %, first held',
      tried([420, -3], [400, 3]),
      'varies: passed at 420 requests/s and later failed at 400 requests/s',
    ],
    [
      'by 5 %, first broke',
      tried([400, 3, 0, 3], [420, -3]),
      'varies: failed at 400 requests/s and later passed at 420 requests/s',
    ],
    ['by 5 %, held for a few seconds only', tried([420, -3, 0, 6], [400, 3]), null],
    ['by 7 %, held for a few seconds', tried([428, -3, 0, 6], [400, 3]), 'varies: passed at 428 requests/s'],
    ['by 7 %, held for a moment', tried([428, -3, 0, 3], [400, 3]), null],
    [
      'a hold that broke',
      { ...tried([390, -2], [420, 3]), holds: [{ intensity: 350, seconds: 300, outcome: 'broke', session: 0 }] },
      'the soak at 350 requests/s failed, although this load should have been safe',
    ],
    ['by 5 % of what was asked for, when as much came', arrivedAlike(tried([420, -3], [400, 3]), 402), null],
    ['in an earlier session', { ...tried([420, -3, 0], [400, 3, 1]), past: [ENDS] }, null],
    [
      'an interval apart from the one before',
      { ...tried([420, -3]), past: [{ low: 500, high: 520 }] },
      'the target changed: the limit was within 500–520 requests/s in the previous session',
    ],
  ])('%s', (_, learner, expected) => {
    const doubt = doubtAbout(learner, ENDS);
    if (expected === null) expect(doubt).toBeNull();
    else expect(doubt).toContain(expected);
  });
});

describe('a target where more is not always worse', () => {
  it.each<[string, Learner, boolean, { low: number; high: number } | null]>([
    ['held, broke, held again', tried([150, -2], [400, -2], [200, 2], [390, -2]), false, { low: 150, high: 200 }],
    ['broke, held, broke again', tried([200, 2], [400, -2], [205, 2]), false, { low: 1, high: 200 }],
    ['once only: it may have changed', tried([200, 2], [400, -2]), false, null],
    ['once, where each run takes minutes', tried([150, -0.5], [200, 0.5], [400, -0.5]), true, { low: 150, high: 200 }],
    ['a close call', tried([200, 0.1], [400, -0.5]), true, null],
    ['neighbors', tried([200, 2], [220, -2], [201, 2]), false, null],
    ['as it should be', tried([200, -2], [400, 2], [300, -2], [350, 2]), false, null],
  ])('%s', (_, learner, few, expected) => {
    const odd = notMonotone(learner, few);
    if (expected === null) expect(odd).toBeNull();
    else {
      expect(odd).toMatchObject(expected);
      expect(odd?.reason).toContain('but passed at 400');
    }
  });
});
