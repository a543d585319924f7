import { HiveError } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { createWriteQueue } from '../../src/sessions/write-queue.js';

const away = (): HiveError => new HiveError('database_unreachable', 'away');

/** A queue whose clock only moves by its own sleeps. */
function queueOf(): { queue: ReturnType<typeof createWriteQueue>; slept: number[]; told: string[] } {
  const slept: number[] = [];
  const told: string[] = [];
  const clock = {
    now: () => 0,
    wall: () => 0,
    sleep: async (ms: number) => void slept.push(ms),
  };
  const queue = createWriteQueue({
    clock,
    onAway: () => told.push('away'),
    onBack: () => told.push('back'),
    onRefused: () => told.push('refused'),
  });
  return { queue, slept, told };
}

describe('writes to a database that goes away', () => {
  it('are tried again, each time later, and keep their order', async () => {
    const { queue, slept, told } = queueOf();
    const written: string[] = [];
    let tries = 0;
    queue.push(async (again) => {
      tries += 1;
      if (tries < 7) throw away();
      written.push(`first, ${again ? 'again' : 'once'}`);
    });
    queue.push(async (again) => void written.push(`second, ${again ? 'again' : 'once'}`));
    await queue.settled();
    expect(written).toEqual(['first, again', 'second, once']);
    expect(slept).toEqual([250, 500, 1_000, 2_000, 2_000, 2_000]);
    expect(told).toEqual(['away', 'back']);
    expect(queue).toMatchObject({ idle: true, waiting: 0, away: false });
  });

  it('that are refused are not tried again, and those behind them are dropped', async () => {
    const { queue, told } = queueOf();
    let others = 0;
    queue.push(() => Promise.reject(new HiveError('internal', 'no such column')));
    queue.push(async () => void (others += 1));
    await queue.settled();
    expect([told, others]).toEqual([['refused'], 0]);
    queue.push(async () => void (others += 1));
    await queue.settled();
    expect(others).toBe(1);
  });

  it('end at once when they are given up, whatever hangs', async () => {
    const { queue } = queueOf();
    queue.push(() => new Promise(() => undefined));
    const settled = queue.settled();
    queue.giveUp();
    await settled;
    expect(queue.idle).toBe(true);
  });

  it('keep of what is only for the eye the newest forty', async () => {
    const { queue } = queueOf();
    const shown: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      queue.push(async () => void shown.push(index), { live: true });
    }
    await queue.settled();
    expect(shown.length).toBeLessThanOrEqual(41);
    expect(shown.at(-1)).toBe(99);
  });
});
