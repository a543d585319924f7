import type { Clock } from '@hive/engine';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { keepRemembered } from '../../src/history/keep-remembered.js';
import { sampleTarget } from '../store/samples.js';

const log = pino({ level: 'silent' });
const targets = [sampleTarget({ id: 'one' }), sampleTarget({ id: 'two' })];
const store = { listTargets: async () => targets };

/** Sleeps take no time: they are written down, and one of them ends the test. */
function sleeping(ending: AbortController, most: number) {
  const slept: number[] = [];
  const clock: Pick<Clock, 'sleep'> = {
    async sleep(ms) {
      slept.push(ms);
      if (slept.length > most) ending.abort();
    },
  };
  return { slept, clock: clock as Clock };
}

it('looks at each target and at all together, after the start and every hour', async () => {
  const ending = new AbortController();
  const { slept, clock } = sleeping(ending, 2);
  const looked: (string | undefined)[] = [];
  const look = async (target: string | undefined): Promise<void> => void looked.push(target);
  await keepRemembered({ store, clock, log }, { isBusy: async () => false, look }, ending.signal);
  expect(looked).toEqual(['one', 'two', undefined, 'one', 'two', undefined]);
  expect(slept).toEqual([500, 3_600_000, 3_600_000]);
});

it('waits while a session runs', async () => {
  const ending = new AbortController();
  const { slept, clock } = sleeping(ending, 4);
  const busy = [true, true, false, true, false, false];
  const looked: (string | undefined)[] = [];
  const look = async (target: string | undefined): Promise<void> => void looked.push(target);
  await keepRemembered({ store, clock, log }, { isBusy: async () => busy.shift() ?? false, look }, ending.signal);
  expect(slept).toEqual([500, 10_000, 10_000, 10_000, 3_600_000]);
  expect(looked).toEqual(['one', 'two', undefined]);
});

it('tries again in an hour where the store does not answer', async () => {
  const ending = new AbortController();
  const { clock } = sleeping(ending, 2);
  let asked = 0;
  const away = {
    async listTargets() {
      asked += 1;
      throw new Error('away');
    },
  };
  await keepRemembered({ store: away, clock, log }, { isBusy: async () => false, look: async () => 0 }, ending.signal);
  expect(asked).toBe(2);
});
