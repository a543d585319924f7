import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, momentIn, nextChange, parseHours } from '@hive/contract';

const at = (text: string): number => Date.parse(text);
const open = (hours: string, moment: string): boolean => isWithin([parseHours(hours)], at(moment));
const next = (hours: string, moment: string): string | null => {
  const change = nextChange([parseHours(hours)], at(moment));
  return change === null ? null : new Date(change).toISOString();
};

describe('hours in which a target may be loaded', () => {
  // 2026-11-27 is a Friday. Berlin is at UTC+1 in winter.
  it.each([
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-27T18:59:59Z', false],
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-27T19:00:00Z', true],
    // It began on Friday: until Saturday morning.
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-28T04:59:59Z', true],
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-28T05:00:00Z', false],
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-28T20:00:00Z', false],
    // Monday before dawn belongs to Sunday.
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-30T01:00:00Z', false],
    ['sat,SUNDAY 00:00-24:00 UTC', '2026-11-28T00:00:00Z', true],
    ['sat,SUNDAY 00:00-24:00 UTC', '2026-11-29T23:59:59Z', true],
    ['sat,SUNDAY 00:00-24:00 UTC', '2026-11-30T00:00:00Z', false],
    ['Fr-Mo 09:00-10:00 UTC', '2026-11-29T09:30:00Z', true],
    ['Fr-Mo 09:00-10:00 UTC', '2026-12-01T09:30:00Z', false],
    ['9:30-10:00 Asia/Kolkata', '2026-12-01T04:00:00Z', true],
    ['9:30-10:00 Asia/Kolkata', '2026-12-01T04:30:00Z', false],
    // The clocks go forward at 01:00Z on 2026-03-29, and back at 01:00Z on 2026-10-25.
    ['02:30-05:00 Europe/Berlin', '2026-03-29T00:59:59Z', false],
    ['02:30-05:00 Europe/Berlin', '2026-03-29T01:00:00Z', true],
    ['02:00-03:00 Europe/Berlin', '2026-10-25T00:30:00Z', true],
    ['02:00-03:00 Europe/Berlin', '2026-10-25T01:30:00Z', true],
    ['02:00-03:00 Europe/Berlin', '2026-10-25T02:00:00Z', false],
  ])('%s holds at %s: %s', (hours, moment, expected) => {
    expect(open(hours, moment)).toBe(expected);
  });

  it.each([
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-27T12:00:00Z', '2026-11-27T19:00:00.000Z'],
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-27T23:00:00Z', '2026-11-28T05:00:00.000Z'],
    ['Mon-Fr 20:00-06:00 Europe/Berlin', '2026-11-28T05:00:00Z', '2026-11-30T19:00:00.000Z'],
    // A night that is an hour shorter, and one that is an hour longer.
    ['Sat 20:00-06:00 Europe/Berlin', '2026-03-28T20:00:00Z', '2026-03-29T04:00:00.000Z'],
    ['Sat 20:00-06:00 Europe/Berlin', '2026-10-24T20:00:00Z', '2026-10-25T05:00:00.000Z'],
    ['Fr 12:00-12:01 UTC', '2026-11-27T12:00:30Z', '2026-11-27T12:01:00.000Z'],
    ['Fr 12:00-12:01 UTC', '2026-11-27T12:01:00Z', '2026-12-04T12:00:00.000Z'],
    ['00:00-24:00 UTC', '2026-11-27T12:00:00Z', null],
  ])('%s, asked at %s, changes next at %s', (hours, moment, expected) => {
    expect(next(hours, moment)).toBe(expected);
  });

  it('are all of several, and always without any', () => {
    const both = ['Sat 10:00-12:00 UTC', 'Sat 12:00-14:00 UTC'].map(parseHours);
    expect(nextChange(both, at('2026-11-28T11:00:00Z'))).toBe(at('2026-11-28T14:00:00Z'));
    expect(isWithin([], 0)).toBe(true);
    expect(nextChange([], 0)).toBeNull();
  });

  it.each([
    ['', /is not a range of times/],
    ['Mon-Fr', /'' is not a range of times: write 20:00-06:00/],
    ['Mon-Fr 20-06 UTC', /'20-06' is not a range of times/],
    ['Mon-Fr 20:00-06:00', /names no time zone: add one such as Europe\/Berlin or UTC/],
    ['Mon-Fr 20:00-06:00 Berlin', /'Berlin' is not a time zone/],
    ['Mon-Fr 20:00-06:00 UTC daily', /'daily' stands after the time zone/],
    ['Mn-Fr 20:00-06:00 UTC', /'Mn' is not a day: write Mon, Tue/],
    ['M 20:00-06:00 UTC', /'M' is not a day/],
    ['Mon-Wed-Fr 20:00-06:00 UTC', /'Mon-Wed-Fr' is not a range of days/],
    ['Mon 25:00-06:00 UTC', /'25:00' is not a time of day/],
    ['Mon 20:60-06:00 UTC', /'20:60' is not a time of day/],
    ['Mon 24:01-06:00 UTC', /'24:01' is not a time of day/],
    ['Mon 08:00-08:00 UTC', /'08:00-08:00' is empty: write 00:00-24:00/],
    ['Mon 24:00-08:00 UTC', /begins at 24:00/],
  ])('%j is refused, and said why', (text, message) => {
    expect(() => parseHours(text)).toThrow(
      expect.objectContaining({ code: 'validation', message: expect.stringMatching(message) as string }),
    );
  });

  it('change at the next moment at which they do, and at none before', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
      const minutes = 15 * quarter;
      return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    });
    const text = fc
      .tuple(fc.constantFrom('', 'Mon-Fr ', 'Sat,Sun ', 'We '), time, time, fc.constantFrom(...zones))
      .filter(([, from, to]) => from !== to)
      .map(([days, from, to, zone]) => `${days}${from}-${to} ${zone}`);
    const moment = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') });
    fc.assert(
      fc.property(text, moment, (written, atMs) => {
        const hours = [parseHours(written)];
        const change = nextChange(hours, atMs);
        const before = isWithin(hours, atMs);
        if (change === null) return;
        expect(isWithin(hours, change)).toBe(!before);
        for (let part = 1; part < 40; part++)
          expect(isWithin(hours, atMs + ((change - 1 - atMs) * part) / 40)).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it('are told as the clocks of their zone show them', () => {
    expect(momentIn('Europe/Berlin', at('2026-11-30T19:00:00Z'))).toBe('Mon 2026-11-30 20:00 Europe/Berlin');
    expect(momentIn('UTC', at('2026-11-29T23:59:00Z'))).toBe('Sun 2026-11-29 23:59 UTC');
  });
});
