import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTimetable, type Timetable } from '../../src/schedules/timetable.js';

let timetable: Timetable;
beforeAll(async () => {
  timetable = await loadTimetable();
});

const MINUTE_MS = 60_000;
const createdAt = '2026-01-01T00:00:30.000Z';
const schedule = (when: string, timeZone = 'UTC', id = 'sch_1') => ({ id, createdAt, when, timeZone });

/** The next times of a schedule, each without its jitter: to the minute, rounded down. */
function times(of: ReturnType<typeof schedule>, after: string, count: number): string[] {
  const found: string[] = [];
  for (let atMs = Date.parse(after); found.length < count;) {
    const next = timetable.nextMs(of, atMs);
    if (next === null) break;
    found.push(new Date(next).toISOString().slice(0, 16));
    atMs = next;
  }
  return found;
}

describe('when a schedule is due', () => {
  it.each([
    ['every 15m', 'UTC', '2026-01-01T00:10:00Z', ['2026-01-01T00:15', '2026-01-01T00:30', '2026-01-01T00:46']],
    ['every 1h', 'UTC', '2026-03-01T05:30:00Z', ['2026-03-01T06:03', '2026-03-01T07:01']],
    ['0 3 * * *', 'UTC', '2026-01-01T00:00:00Z', ['2026-01-01T03:00', '2026-01-02T03:01']],
    ['0 3 * * 1', 'America/New_York', '2026-01-01T00:00:00Z', ['2026-01-05T08:04']],
  ])('%s in %s', (when, zone, after, expected) => {
    const exact = expected.map((text) => Date.parse(`${text}:00Z`));
    const due = times(schedule(when, zone), after, expected.length).map((text) => Date.parse(`${text}:00Z`));
    // Put off by at most five minutes, or 5 % of the interval.
    due.forEach((at, index) => expect(Math.abs(at - (exact[index] ?? 0))).toBeLessThanOrEqual(5 * MINUTE_MS));
  });

  // Clocks in Berlin: 2:00 to 3:00 on March 29, 3:00 back to 2:00 on October 25, 2026.
  it.each([
    [
      'an hour that is left out comes after it',
      '30 2 * * *',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01', '2026-03-30T00'],
    ],
    ['an hour that comes twice runs once', '30 2 * * *', '2026-10-24T12:00:00Z', ['2026-10-25T00', '2026-10-26T01']],
    [
      'each hour of a short night',
      '0 * * * *',
      '2026-03-28T23:30:00Z',
      ['2026-03-29T00', '2026-03-29T01', '2026-03-29T02'],
    ],
    [
      'each hour of a long night',
      '0 * * * *',
      '2026-10-24T23:30:00Z',
      ['2026-10-25T00', '2026-10-25T01', '2026-10-25T02'],
    ],
  ])('when clocks change: %s', (_, when, after, expected) => {
    const due = times(schedule(when, 'Europe/Berlin'), after, expected.length);
    expect(due.map((text) => text.slice(0, 13))).toEqual(expected);
  });

  it('an interval does not know of clocks that change', () => {
    const due = times(schedule('every 6h', 'Europe/Berlin'), '2026-03-28T12:30:00Z', 4).map((at) => at.slice(0, 13));
    expect(due).toEqual(['2026-03-28T18', '2026-03-29T00', '2026-03-29T06', '2026-03-29T12']);
  });

  it('is later than now, within an interval and its jitter, and the same each time it is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 44_640 }),
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.uuid(),
        (minutes, seconds, id) => {
          const of = schedule(`every ${minutes}m`, 'UTC', id);
          const after = Date.parse(createdAt) + seconds * 1_000;
          const next = timetable.nextMs(of, after) ?? 0;
          expect(next).toBeGreaterThan(after);
          expect(next - after).toBeLessThanOrEqual(minutes * MINUTE_MS * 1.05);
          expect(timetable.nextMs(of, after)).toBe(next);
          // Never twice for one time.
          expect((timetable.nextMs(of, next) ?? 0) - next).toBeGreaterThan(minutes * MINUTE_MS * 0.94);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['99 3 * * *', 'cannot be read as cron'],
    ['0 3 31 2 *', 'never comes'],
  ])('refuses %s', (when, message) => {
    expect(() => timetable.check(schedule(when), Date.parse(createdAt))).toThrow(message);
  });
});
