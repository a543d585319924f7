import { HiveError } from './errors.js';

/** When a target may be loaded: on these days, from one time of day to another, in a time zone. */
export interface Hours {
  /** As it was written. */
  text: string;
  /** The days on which it begins, 0 (Monday) to 6. */
  days: ReadonlySet<number>;
  /** Minutes of the day. `toMinute` is not part of it; at or below `fromMinute` it is one of the next day. */
  fromMinute: number;
  toMinute: number;
  /** An IANA name, such as Europe/Berlin. */
  zone: string;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const DAY_MINUTES = 1_440;
const WEEK = 7;
const MINUTE_MS = 60_000;
/** No zone changes its offset within such a part of an hour. */
const STEP_MS = 15 * MINUTE_MS;
/** What repeats by the week has changed within this time, or never changes; a change of the clocks may move it by a day. */
const HORIZON_MS = 8 * DAY_MINUTES * MINUTE_MS;

const EXAMPLE = 'Mon-Fr 20:00-06:00 Europe/Berlin';

/**
 * Reads `[DAYS] FROM-TO ZONE`, such as `Mon-Fr 20:00-06:00 Europe/Berlin`, `Sat,Sun 00:00-24:00 UTC` or `22:00-05:00 Asia/Kolkata`. Days are
 * those on which it begins; without them it is every day.
 * @throws HiveError `validation` saying what is wrong.
 */
export function parseHours(text: string): Hours {
  const words = text.trim().split(/\s+/);
  const [first = ''] = words;
  const hasDays = /^\D/.test(first);
  const [times = '', zone, ...rest] = hasDays ? words.slice(1) : words;
  const days = hasDays ? daysOf(first) : new Set(DAYS.keys());
  const [, from, to] = /^(\d{1,2}:\d\d)-(\d{1,2}:\d\d)$/.exec(times) ?? [];
  if (from === undefined || to === undefined) throw refused(`'${times}' is not a range of times: write 20:00-06:00`);
  const fromMinute = minuteOf(from);
  const toMinute = minuteOf(to);
  if (fromMinute === toMinute) throw refused(`'${times}' is empty: write 00:00-24:00 for the whole day`);
  if (fromMinute === DAY_MINUTES) throw refused(`'${times}' begins at 24:00: write 00:00 and the next day`);
  if (zone === undefined) throw refused('it names no time zone: add one such as Europe/Berlin or UTC');
  if (rest.length > 0) throw refused(`'${rest.join(' ')}' stands after the time zone: remove it`);
  if (!isZone(zone)) throw refused(`'${zone}' is not a time zone: write a name such as Europe/Berlin or UTC`);
  return { text: text.trim(), days, fromMinute, toMinute, zone };
}

/** Whether it is within any of these hours. Without any there is no restriction. */
export function isWithin(hours: readonly Hours[], atMs: number): boolean {
  return hours.length === 0 || hours.some((one) => includes(one, atMs, offsetMs(one.zone, atMs)));
}

/** When {@link isWithin} next gives another answer, ms since 1970, to the minute; null: never. */
export function nextChange(hours: readonly Hours[], atMs: number): number | null {
  const now = isWithin(hours, atMs);
  const last = atMs + HORIZON_MS;
  for (let stepMs = Math.floor(atMs / STEP_MS) * STEP_MS; stepMs < last; stepMs += STEP_MS) {
    const offsets = hours.map(({ zone }) => offsetMs(zone, stepMs));
    for (let minuteMs = stepMs; minuteMs < stepMs + STEP_MS; minuteMs += MINUTE_MS) {
      if (minuteMs <= atMs) continue;
      const then = hours.length === 0 || hours.some((one, index) => includes(one, minuteMs, offsets[index]!));
      if (then !== now) return minuteMs;
    }
  }
  return null;
}

/** A moment as people in a zone read it: `Mon 2026-11-30 20:00 Europe/Berlin`. */
export function momentIn(zone: string, atMs: number): string {
  const text = new Date(atMs + offsetMs(zone, atMs)).toISOString();
  const day = DAYS[dayOf(atMs + offsetMs(zone, atMs))]!;
  return `${day[0]!.toUpperCase()}${day.slice(1, 3)} ${text.slice(0, 10)} ${text.slice(11, 16)} ${zone}`;
}

function includes({ days, fromMinute, toMinute }: Hours, atMs: number, offset: number): boolean {
  const localMs = atMs + offset;
  const minute = Math.floor(localMs / MINUTE_MS) % DAY_MINUTES;
  const day = dayOf(localMs);
  if (fromMinute < toMinute) return days.has(day) && minute >= fromMinute && minute < toMinute;
  return (days.has(day) && minute >= fromMinute) || (days.has((day + WEEK - 1) % WEEK) && minute < toMinute);
}

/** 1970 began on a Thursday. */
const dayOf = (localMs: number): number => (Math.floor(localMs / (DAY_MINUTES * MINUTE_MS)) + 3) % WEEK;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a zone's clocks are ahead of UTC, ms. */
function offsetMs(zone: string, atMs: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...numeric });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}

function daysOf(text: string): Set<number> {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [from = '', to = from, ...rest] = part.split('-');
    if (rest.length > 0) throw refused(`'${part}' is not a range of days: write Mon-Fri`);
    const last = dayNamed(to);
    for (let day = dayNamed(from); ; day = (day + 1) % WEEK) {
      days.add(day);
      if (day === last) break;
    }
  }
  return days;
}

function dayNamed(text: string): number {
  const found = text.length < 2 ? -1 : DAYS.findIndex((day) => day.startsWith(text.toLowerCase()));
  if (found < 0) throw refused(`'${text}' is not a day: write Mon, Tue, Wed, Thu, Fri, Sat or Sun`);
  return found;
}

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  const minutes = 60 * hour + minute;
  if (minute > 59 || minutes > DAY_MINUTES) throw refused(`'${text}' is not a time of day: write 00:00 to 24:00`);
  return minutes;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const refused = (message: string): HiveError =>
  new HiveError('validation', message, { hint: `write, for example, '${EXAMPLE}'` });
