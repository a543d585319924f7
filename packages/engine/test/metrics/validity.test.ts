import { describe, expect, it } from 'vitest';
import { judgeValidity, type ValidityFacts } from '../../src/metrics/validity.js';

const CLEAN: ValidityFacts = {
  counts: {
    planned: 10_000,
    sent: 10_000,
    droppedTarget: 0,
    droppedGenerator: 0,
    answered: 10_000,
    good: 10_000,
    failed: 0,
    timedOut: 0,
    cutOff: 0,
  },
  judged: { planned: 10_000, droppedGenerator: 0 },
  errors: {},
  recorded: { service: 10_000, response: 10_000 },
  outstanding: 0,
  strictestMs: 250,
  latenessP99Ms: 0.2,
  busy: 0.2,
  busyAtEnd: 0.2,
  eventLoopDelayP99Ms: 1,
  machineBusy: 0.5,
  machineSteal: 0,
  little: { integralMs: 1_000, servedMs: 1_000 },
  badDurations: 0,
  clockJumpMs: 1,
  gaveUp: false,
};
const judge = (change: Partial<ValidityFacts>): string => judgeValidity({ ...CLEAN, ...change }).status;
const dropped = (droppedGenerator: number, droppedTarget = 0): Partial<ValidityFacts> => {
  const sent = CLEAN.counts.planned - droppedGenerator - droppedTarget;
  return {
    counts: { ...CLEAN.counts, sent, answered: sent, good: sent, droppedGenerator, droppedTarget },
    judged: { planned: 10_000, droppedGenerator },
    recorded: { service: sent, response: sent + droppedTarget },
  };
};

describe('judgeValidity', () => {
  it('is valid, without reasons, when every check is clean', () => {
    expect(judgeValidity(CLEAN)).toEqual({ status: 'valid', reasons: [] });
  });

  it.each<[string, Partial<ValidityFacts>, string]>([
    ['0.1 % dropped by the generator', dropped(10), 'valid'],
    ['0.2 % dropped by the generator', dropped(20), 'suspect'],
    ['2 % dropped by the generator', dropped(200), 'invalid'],
    ['2 % dropped by the generator in the warm-up alone', { ...dropped(200), judged: CLEAN.judged }, 'valid'],
    ['half dropped for the target', dropped(0, 5_000), 'valid'],
    ['a lost load generator', { lost: [{ name: 'eu-1', atMs: 1, unaccounted: 0 }] }, 'invalid'],
    [
      'a lost one without which the others went on, whatever it sent',
      { ...dropped(200), lost: [{ name: 'eu-1', atMs: 1, unaccounted: 200, continued: true }] },
      'suspect',
    ],
    [
      'the same beside 2 % that the others dropped',
      { ...dropped(400), lost: [{ name: 'eu-1', atMs: 1, unaccounted: 200, continued: true }] },
      'invalid',
    ],
    ['late by 2 % of the objective', { latenessP99Ms: 5 }, 'valid'],
    ['late by more', { latenessP99Ms: 5.1 }, 'suspect'],
    ['late by 20 % of the objective', { latenessP99Ms: 50 }, 'suspect'],
    ['late by more than that', { latenessP99Ms: 50.1 }, 'invalid'],
    ['late by over 1 ms without an objective', { strictestMs: null, latenessP99Ms: 1.1 }, 'suspect'],
    ['late by over 10 ms without an objective', { strictestMs: null, latenessP99Ms: 10.1 }, 'invalid'],
    ['busy thread', { busy: 0.81 }, 'suspect'],
    ['busy thread, open model', { busy: 0.96 }, 'invalid'],
    ['busy thread, closed model', { busy: 1, latenessP99Ms: null }, 'suspect'],
    ['stalled loop', { eventLoopDelayP99Ms: 5.1 }, 'suspect'],
    ['long stalled loop', { eventLoopDelayP99Ms: 20.1 }, 'invalid'],
    ['full machine', { machineBusy: 0.95 }, 'suspect'],
    ['stolen CPU', { machineSteal: 0.06 }, 'suspect'],
    ['unknown machine', { machineBusy: null, machineSteal: null }, 'valid'],
    ['Little off by 2 %', { little: { integralMs: 1_000, servedMs: 980 } }, 'suspect'],
    ['Little off by 6 %', { little: { integralMs: 1_000, servedMs: 1_060 } }, 'invalid'],
    ['a negative duration', { badDurations: 1 }, 'invalid'],
    ['a clock that jumped', { clockJumpMs: 251 }, 'invalid'],
    ['a generator that gave up', { gaveUp: true }, 'invalid'],
    ['one local error', { errors: { local_ports: 1 } }, 'suspect'],
    ['many local errors', { errors: { local_ports: 6, local_files: 5 } }, 'invalid'],
    ['errors of the target', { errors: { http_5xx: 9_000, refused: 1_000 } }, 'valid'],
    ['a request unaccounted for', { counts: { ...CLEAN.counts, answered: 9_999 } }, 'invalid'],
    ['a histogram that lacks a value', { recorded: { service: 9_999, response: 10_000 } }, 'invalid'],
    ['one that is outstanding and not said to be', { counts: { ...CLEAN.counts, sent: 9_999 } }, 'invalid'],
  ])('%s', (_, change, expected) => {
    expect(judge(change)).toBe(expected);
  });

  it('gives one sentence for each check that was not clean', () => {
    const { reasons } = judgeValidity({ ...CLEAN, busy: 0.9, machineSteal: 0.1 });
    expect(reasons).toHaveLength(2);
    expect(reasons[0]).toContain('90 %');
  });
});
