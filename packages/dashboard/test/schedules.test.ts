import { scheduleInputSchema, type Schedule, type ScheduleInput } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { describeSchedule, scheduleOf } from '../src/panels/schedules/described-schedule.js';
import { sayWhat, sayWhen } from '../src/panels/schedules/say-schedule.js';

const schedule = (change: Partial<Schedule>): Schedule => ({
  id: 'sch_1',
  createdAt: '2026-01-31T12:00:00.000Z',
  target: 'shop',
  what: { type: 'check' },
  when: 'every 5m',
  timeZone: 'UTC',
  on: true,
  nextAt: null,
  ...change,
});

describe('when a schedule comes, in words', () => {
  it.each([
    ['every 15m', 'every 15 minutes'],
    ['every 60s', 'every minute'],
    ['every 5s', 'every 5 seconds'],
    ['every 24h', 'every day'],
    ['0 3 * * *', 'every day at 03:00, UTC'],
    ['5 14 * * 1-5', 'Monday to Friday at 14:05, UTC'],
    ['30 4 * * 7', 'every Sunday at 04:30, UTC'],
    ['10 * * * *', 'every hour at minute 10, UTC'],
    ['0 3 1 * *', 'cron 0 3 1 * *, UTC'],
    ['*/10 * * * *', 'cron */10 * * * *, UTC'],
    ['0 0 3 * * *', 'cron 0 0 3 * * *, UTC'],
  ])('%s is %s', (when, words) => {
    expect(sayWhen({ when, timeZone: 'UTC' })).toBe(words);
  });
});

it('what a schedule does is said with its figures', () => {
  expect(sayWhat({ type: 'train', kinds: ['load_balancing', 'network_latency'] })).toBe(
    'Find limit: Request rate, Network latency',
  );
  expect(sayWhat({ type: 'verify', atPerSecond: 300, forSeconds: 60 })).toBe('Can it take 300/s for 60 s?');
  expect(sayWhat({ type: 'run', kind: 'load_balancing' })).toBe('Request rate run at the safe load');
  expect(sayWhat({ type: 'check', regions: { eu: 1, us: 1 } })).toBe('Check, from eu 50 %, us 50 %');
});

describe('a schedule in a form', () => {
  const kept: ScheduleInput[] = [
    { target: 'shop', what: { type: 'check' }, when: 'every 30s', timeZone: 'UTC', on: true },
    { target: 'shop', what: { type: 'check', regions: { eu: 1, us: 1 } }, when: 'every 30s', on: true },
    {
      target: 'shop',
      what: { type: 'train', kinds: ['load_balancing'], budgetSeconds: 240 },
      when: '0 3 * * *',
      timeZone: 'Europe/Berlin',
      on: false,
    },
    { target: 'shop', what: { type: 'verify', atPerSecond: 300, forSeconds: 30 }, when: '0 3 1 * *', on: true },
    {
      target: 'shop',
      what: { type: 'run', kind: 'load_balancing', regions: 'all', onLostBee: 'continue' },
      when: 'every 1h',
      on: true,
    },
    { target: 'shop', what: { type: 'run', kind: 'load_balancing', intensity: 40 }, when: 'every 1h', on: true },
  ];
  it.each(kept)('is sent as it was: $what.type', (input) => {
    const { what, when, timeZone, on } = scheduleInputSchema.parse(input);
    const shown = schedule({ what, when, timeZone, on });
    expect(scheduleOf(describeSchedule(shown, '', 'UTC'), on)).toEqual({ target: 'shop', what, when, timeZone, on });
  });

  it('that is new is a check every five minutes', () => {
    expect(scheduleOf(describeSchedule(null, 'shop', 'Europe/Berlin'), true)).toEqual({
      target: 'shop',
      what: { type: 'check' },
      when: 'every 5m',
      timeZone: 'Europe/Berlin',
      on: true,
    });
  });
});
