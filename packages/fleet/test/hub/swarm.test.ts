import { noCounts } from '@hive/contract';
import type { Tick } from '@hive/engine';
import { expect, it } from 'vitest';
import { constant, order } from '../../../engine/test/load/order.js';
import type { Present } from '../../src/hub/presence.js';
import { followSwarm, partsOf } from '../../src/hub/swarm.js';
import { monotonicMs } from '../../src/wire/messages.js';

const present = (name: string): Present => ({
  member: { id: name, name, region: null, untilMs: 0, publicKey: 'U', revoked: false },
  state: 'idle',
  hello: null,
  offsetMs: 0,
  worstTripMs: 1,
});

const STILL = {
  lateness: null,
  latenessP99Ms: 0,
  busy: 0,
  eventLoopDelayP99Ms: 0,
  outstandingIntegralMs: 0,
  endedServiceMs: 0,
  openAgesMs: 0,
  clockJumpMs: 0,
};
const tick = (number: number, more: Partial<Tick> = {}): Tick => ({
  fromMs: number * 250,
  toMs: (number + 1) * 250,
  phase: 'judged',
  parts: [
    {
      part: 'judged',
      spanMs: 250,
      counts: { ...noCounts(), planned: 10, sent: 10, answered: 10, good: 10 },
      errors: {},
      bad: [],
      responseTime: null,
      serviceTime: null,
      nodes: {},
      bytesIn: 0,
      bytesOut: 0,
    },
  ],
  connections: 1,
  peakConnections: 1,
  outstanding: 0,
  waiting: 0,
  health: STILL,
  last: false,
  ...more,
});

/** Two load generators, of which the second stops by itself: it did not hear the hub for a while. */
function stoppingByItself(onLost: 'abort' | 'continue') {
  const what = order('http://127.0.0.1:9', { arrivals: constant(80), durationMs: 1_000, tickMs: 250 });
  const parts = partsOf(what, [present('on'), present('off')], [1, 1]);
  let stops = 0;
  const swarm = followSwarm({ order: what, parts, startAtMs: monotonicMs(), tellStop: () => void stops++, onLost });
  const take = (name: string, seq: number, one: Tick) => swarm.take(name, { run: 'r', lateMs: 0, seq, tick: one });
  for (const name of ['on', 'off']) take(name, 1, tick(0));
  take('off', 2, tick(1, { endedEarly: 'aborted', last: true }));
  return { swarm, take, stops: () => stops };
}

it('takes one that stopped by itself for lost: the run ends', async () => {
  const { swarm, take, stops } = stoppingByItself('abort');
  expect(stops()).toBe(1);
  take('on', 2, tick(1, { endedEarly: 'aborted', last: true }));
  await swarm.ticks.next();
  const last = await swarm.ticks.next();
  expect([last.last, last.lost]).toEqual([true, [{ name: 'off', atMs: 500, unaccounted: 0 }]]);
  swarm.close();
});

it('goes on without it where that was asked for, window by window', async () => {
  const { swarm, take, stops } = stoppingByItself('continue');
  // The one alone, which may still hear.
  expect(stops()).toBe(1);
  for (const number of [1, 2, 3]) take('on', number + 1, tick(number, { last: number === 3 }));
  const seen: Tick[] = [];
  do seen.push(await swarm.ticks.next());
  while (!seen.at(-1)?.last);
  const judged = seen.flatMap(({ parts }) => parts);
  expect(judged.map(({ counts }) => counts.planned)).toEqual([20, 20, 10, 10]);
  // The time of each window is the others' where one is gone.
  expect(judged.map(({ spanMs }) => spanMs)).toEqual([250, 250, 250, 250]);
  expect(seen.at(-1)?.lost).toEqual([{ name: 'off', atMs: 500, unaccounted: 0, continued: true }]);
  swarm.close();
});
