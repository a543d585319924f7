import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchedule, type Job } from '../../src/practice/schedule.js';

/** A small seeded generator of the tests' own (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const constant = (queueLimit = Number.POSITIVE_INFINITY) =>
  createSchedule<number>({ workers: 8, queueLimit, serviceMs: () => 20 });

/** Mean wait in the queue of `count` Poisson arrivals, ms. */
function meanWaitMs(ratePerSecond: number, serviceMs: () => number, count: number): number {
  const schedule = createSchedule<number>({ workers: 8, queueLimit: Number.POSITIVE_INFINITY, serviceMs });
  const random = uniform(7);
  let nowMs = 0;
  let waited = 0;
  let ended = 0;
  for (let index = 0; index < count; index += 1) {
    nowMs += (-1_000 / ratePerSecond) * Math.log(1 - random());
    schedule.offer(index, nowMs);
    for (const job of schedule.advance(nowMs)) {
      ended += 1;
      waited += job.startMs - job.arrivedMs;
    }
  }
  return waited / ended;
}

describe('capacity', () => {
  it('is exactly 400/s with 8 slots of 20 ms, whatever is offered above it', () => {
    const schedule = constant();
    let ended = 0;
    for (let ms = 0; ms <= 10_000; ms += 1) {
      schedule.offer(ms, ms);
      ended += schedule.advance(ms).filter((job) => job.endMs > 1_000).length;
    }
    expect(ended).toBe(400 * 9);
  });

  it('does not depend on how late and how seldom time is told', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 400, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (steps) => {
          const schedule = constant();
          for (let index = 0; index < 4_000; index += 1) schedule.offer(index, 0);
          let nowMs = 0;
          let ended = 0;
          for (const step of steps) {
            nowMs += step;
            ended += schedule.advance(nowMs).length;
          }
          expect(ended).toBe(Math.min(4_000, 8 * Math.floor(nowMs / 20)));
        },
      ),
    );
  });
});

describe('order', () => {
  it('is first come, first served', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 100 })), { maxLength: 300 }),
        fc.integer({ min: 1, max: 9 }),
        (arrivals, workers) => {
          const services = arrivals.map(([, serviceMs]) => serviceMs);
          const schedule = createSchedule<number>({
            workers,
            queueLimit: Number.POSITIVE_INFINITY,
            serviceMs: () => services.shift() as number,
          });
          let nowMs = 0;
          const jobs = arrivals.map(([gapMs], index) => schedule.offer(index, (nowMs += gapMs)) as Job<number>);
          const ended = schedule.advance(Number.MAX_SAFE_INTEGER);
          expect(ended).toHaveLength(jobs.length);
          jobs.reduce((before, job) => {
            expect(job.startMs).toBeGreaterThanOrEqual(before.startMs);
            expect(job.startMs).toBeGreaterThanOrEqual(job.arrivedMs);
            return job;
          }, jobs[0] as Job<number>);
          ended.reduce(
            (before, job) => (expect(job.endMs).toBeGreaterThanOrEqual(before.endMs), job),
            ended[0] as Job<number>,
          );
          for (const job of jobs) {
            const busy = jobs.filter((other) => other.startMs <= job.startMs && other.endMs > job.startMs).length;
            expect(busy).toBeLessThanOrEqual(workers);
          }
        },
      ),
    );
  });
});

describe('waits', () => {
  // Erlang C for 8 servers: P(wait) at load 0.9 and 0.7; M/M/8 mean wait = P(wait) × service ÷ (8 (1 − load)).
  const erlangC = (load: number): number => {
    const offered = 8 * load;
    let term = 1;
    let sum = 1;
    for (let k = 1; k < 8; k += 1) sum += term *= offered / k;
    const last = (term * offered) / 8 / (1 - load);
    return last / (sum + last);
  };
  const mm8WaitMs = (load: number): number => (erlangC(load) * 20) / (8 * (1 - load));
  /** Cosmetatos, 1976. */
  const md8WaitMs = (load: number): number =>
    (mm8WaitMs(load) / 2) * (1 + ((1 - load) * 7 * (Math.sqrt(4 + 5 * 8) - 2)) / (16 * load * 8));

  it.each([0.7, 0.9])('of M/M/8 at load %d are those of Erlang C', (load) => {
    const random = uniform(3);
    const waitMs = meanWaitMs(400 * load, () => -20 * Math.log(1 - random()), 600_000);
    expect(waitMs / mm8WaitMs(load)).toBeGreaterThan(0.93);
    expect(waitMs / mm8WaitMs(load)).toBeLessThan(1.07);
  });

  it.each([0.7, 0.9])('of M/D/8 at load %d are those of theory', (load) => {
    const waitMs = meanWaitMs(400 * load, () => 20, 600_000);
    expect(waitMs / md8WaitMs(load)).toBeGreaterThan(0.93);
    expect(waitMs / md8WaitMs(load)).toBeLessThan(1.07);
  });
});

describe('bounds', () => {
  it('refuses what the queue cannot hold, and takes again when it drains', () => {
    const schedule = constant(2);
    for (let index = 0; index < 10; index += 1) expect(schedule.offer(index, 0)).not.toBeNull();
    expect(schedule.offer(10, 0)).toBeNull();
    expect([schedule.running, schedule.waiting]).toEqual([8, 2]);
    expect(schedule.offer(11, 20)).not.toBeNull();
    expect([schedule.running, schedule.waiting]).toEqual([3, 0]);
    expect(schedule.advance(20)).toHaveLength(8);
    expect(schedule.nextEndMs()).toBe(40);
  });

  it('lets a waiting caller leave the queue without taking a slot', () => {
    const schedule = constant();
    const jobs = Array.from({ length: 24 }, (_, index) => schedule.offer(index, 0) as Job<number>);
    for (const job of jobs.slice(8, 16)) schedule.leave(job, 5);
    schedule.leave(jobs[0] as Job<number>, 5);
    expect(schedule.waiting).toBe(8);
    const ended = schedule.advance(40).map((job) => job.item);
    expect(ended.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
    expect(schedule.nextEndMs()).toBeNull();
  });

  it('counts right over many arrivals and leavings', () => {
    const schedule = constant();
    for (let index = 0; index < 100_000; index += 1) {
      schedule.offer(index, index * 2);
      const job = schedule.offer(-1, index * 2);
      if (job) schedule.leave(job, index * 2);
      schedule.advance(index * 2);
    }
    schedule.advance(Number.MAX_SAFE_INTEGER);
    expect([schedule.running, schedule.waiting]).toEqual([0, 0]);
  });
});
