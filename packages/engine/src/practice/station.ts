import type { ServerResponse } from 'node:http';
import { createSchedule, type Schedule } from './schedule.js';

/** A request that is to hold a slot. */
export interface Work {
  response: ServerResponse;
  /** Draws how long it holds its slot, ms. */
  serviceMs: () => number;
  /** Its time is over and its caller still there. */
  done: () => void;
}

/** One group of slots with its queue. */
export interface Lane {
  /** Takes a request, or refuses it (false) when the queue is full. A caller that goes away leaves the queue. */
  take(work: Work): boolean;
  readonly running: number;
  readonly waiting: number;
}

/** The lanes of a node, driven by one timer. */
export interface Station {
  lane(options: { workers: number; queueLimit: number }): Lane;
  close(): void;
}

export function createStation(now: () => number): Station {
  const schedules: Schedule<Work>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let timerAtMs = Number.POSITIVE_INFINITY;

  function arm(): void {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const schedule of schedules) nextMs = Math.min(nextMs, schedule.nextEndMs() ?? nextMs);
    if (nextMs >= timerAtMs) return;
    clearTimeout(timer);
    timerAtMs = nextMs;
    timer = setTimeout(finish, Math.max(0, Math.ceil(nextMs - now())));
  }

  function finish(): void {
    timerAtMs = Number.POSITIVE_INFINITY;
    const nowMs = now();
    for (const schedule of schedules) {
      for (const { item } of schedule.advance(nowMs)) if (!item.response.destroyed) item.done();
    }
    arm();
  }

  return {
    lane({ workers, queueLimit }) {
      const schedule = createSchedule<Work>({ workers, queueLimit, serviceMs: (work) => work.serviceMs() });
      schedules.push(schedule);
      return {
        take(work) {
          const job = schedule.offer(work, now());
          if (job === null) return false;
          work.response.once('close', () => {
            if (!work.response.writableFinished) schedule.leave(job, now());
          });
          arm();
          return true;
        },
        get running() {
          return schedule.running;
        },
        get waiting() {
          return schedule.waiting;
        },
      };
    },
    close() {
      clearTimeout(timer);
      timerAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
