import { describe, expect, it } from 'vitest';
import type { Tick } from '../../src/measuring.js';
import { joinThreads } from '../../src/metrics/merge.js';
import { TickQueue } from '../../src/threads/tick-queue.js';

const COUNTS = {
  planned: 1,
  sent: 1,
  droppedTarget: 0,
  droppedGenerator: 0,
  answered: 1,
  good: 1,
  failed: 0,
  timedOut: 0,
  cutOff: 0,
};
const tick = (number: number, more: Partial<Tick> = {}): Tick => ({
  fromMs: number * 100,
  toMs: number * 100 + 100,
  phase: 'judged',
  parts: [
    {
      part: 'judged',
      spanMs: 100,
      arrived: 1,
      counts: { ...COUNTS },
      errors: { reset: 1 },
      bad: [1],
      responseTime: null,
      serviceTime: null,
      nodes: { a: 1 },
      bytesIn: 10,
      bytesOut: 5,
    },
  ],
  connections: 2,
  peakConnections: number,
  outstanding: number,
  waiting: 0,
  health: {
    lateness: null,
    latenessP99Ms: 0,
    busy: 0.5,
    eventLoopDelayP99Ms: 1,
    outstandingIntegralMs: 10,
    endedServiceMs: 8,
    openAgesMs: number,
    clockJumpMs: -number,
  },
  last: false,
  ...more,
});

describe('TickQueue', () => {
  it('hands ticks on in order', async () => {
    const queue = new TickQueue();
    const waiting = queue.next();
    queue.push(tick(0));
    queue.push(tick(1));
    expect((await waiting).fromMs).toBe(0);
    expect((await queue.next()).fromMs).toBe(100);
  });

  it('stays short before a slow reader, and loses no count', async () => {
    const queue = new TickQueue();
    for (let number = 0; number < 100; number++) queue.push(tick(number, { last: number === 99 }));
    const read: Tick[] = [];
    while (!read.at(-1)?.last) read.push(await queue.next());
    expect(read.length).toBeLessThan(10);
    const total = (value: (part: Tick['parts'][number]) => number): number =>
      read.reduce((sum, one) => sum + value(one.parts[0]!), 0);
    expect(total((part) => part.counts.planned)).toBe(100);
    expect(total((part) => part.spanMs!)).toBe(10_000);
    expect(total((part) => part.arrived!)).toBe(100);
    expect(total((part) => part.errors.reset!)).toBe(100);
    expect(total((part) => part.bad[0]!)).toBe(100);
    expect(total((part) => part.bytesIn)).toBe(1_000);
    const newest = read.at(-1)!;
    expect(newest).toMatchObject({ toMs: 10_000, peakConnections: 99, outstanding: 99 });
    expect(newest.health).toMatchObject({ openAgesMs: 99, clockJumpMs: 99 });
    expect(newest.health.busy).toBeCloseTo(0.5);
  });

  it('gives what is queued before it throws', async () => {
    const queue = new TickQueue();
    queue.push(tick(0));
    queue.fail(new Error('gone'));
    expect((await queue.next()).fromMs).toBe(0);
    await expect(queue.next()).rejects.toThrow('gone');
  });
});

describe('joinThreads', () => {
  it('adds threads that ran at the same time: counts and gauges, not time', () => {
    const joined = joinThreads([tick(1), tick(1), tick(1)], 3);
    expect(joined).toMatchObject({ fromMs: 100, toMs: 200, connections: 6, outstanding: 3, peakConnections: 3 });
    expect(joined.parts[0]).toMatchObject({ counts: { planned: 3 }, arrived: 3, nodes: { a: 3 }, bad: [3] });
    expect(joined.parts[0]!.spanMs).toBeCloseTo(100);
    expect(joined.health).toMatchObject({ outstandingIntegralMs: 30, busy: 0.5 });
  });

  it('ends with the last thread', () => {
    expect(joinThreads([tick(1, { last: true }), tick(1)], 2).last).toBe(false);
    const overloaded = tick(1, { last: true, endedEarly: 'generator_overloaded' });
    expect(joinThreads([overloaded, tick(1, { last: true, endedEarly: 'aborted' })], 2)).toMatchObject({
      last: true,
      endedEarly: 'generator_overloaded',
    });
  });
});
