import { createHash } from 'node:crypto';
import { everyMs, HiveError, type Schedule } from '@hive/contract';

/** How far a time may be put off, so that not everything happens at once: a share of the interval, and no more than that. */
const JITTER_SHARE = 0.05;
const MOST_JITTER_MS = 5 * 60_000;

type Timed = Pick<Schedule, 'id' | 'createdAt' | 'when' | 'timeZone'>;

/** Says when schedules are due. Pure: the same question has the same answer. */
export interface Timetable {
  /** The first time after `afterMs`, put off by the schedule's own jitter, ms since 1970; null: never again. */
  nextMs(schedule: Timed, afterMs: number): number | null;
  /** From that time to the one after it, ms. */
  intervalMs(schedule: Timed, afterMs: number): number;
  /** @throws HiveError `validation` for cron that cannot be read, or that never comes. */
  check(schedule: Pick<Timed, 'when' | 'timeZone'>, afterMs: number): void;
}

/** Loads what reads cron: only who has schedules needs it. */
export async function loadTimetable(): Promise<Timetable> {
  const { Cron } = await import('croner');

  function bareMs({ when, timeZone, createdAt }: Timed, afterMs: number): number | null {
    const every = everyMs(when);
    if (every === null)
      return new Cron(when, { timezone: timeZone, paused: true }).nextRun(new Date(afterMs))?.getTime() ?? null;
    const anchorMs = Date.parse(createdAt);
    const times = Math.max(1, Math.floor((afterMs - anchorMs) / every) + 1);
    return anchorMs + times * every;
  }

  function intervalMs(schedule: Timed, afterMs: number): number {
    const first = bareMs(schedule, afterMs);
    const second = first === null ? null : bareMs(schedule, first);
    return first === null || second === null ? 0 : second - first;
  }

  return {
    nextMs(schedule, afterMs) {
      const bare = bareMs(schedule, afterMs);
      if (bare === null) return null;
      // One that is asked for after its bare time, and before it is due, has had its turn.
      return bare + shareOf(schedule.id, bare) * Math.min(JITTER_SHARE * intervalMs(schedule, afterMs), MOST_JITTER_MS);
    },
    intervalMs,
    check({ when, timeZone }, afterMs) {
      let next: number | null;
      try {
        next = bareMs({ id: '', createdAt: new Date(afterMs).toISOString(), when, timeZone }, afterMs);
      } catch (error) {
        throw new HiveError('validation', `when: '${when}' cannot be read as cron: ${(error as Error).message}`, {
          hint: "write, for example, 'every 15m', or '0 3 * * *' for 3 o'clock each night",
        });
      }
      if (next === null)
        throw new HiveError('validation', `when: '${when}' never comes`, { hint: 'write a time to come' });
    },
  };
}

/** 0–1, the same for the same schedule and time. */
function shareOf(id: string, ms: number): number {
  return createHash('sha256').update(`${id} ${ms}`).digest().readUInt32BE(0) / 2 ** 32;
}
