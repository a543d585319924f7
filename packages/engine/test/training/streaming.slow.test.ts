import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toTarget, type Limit } from '@hive/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../src/clock.js';
import { createRandom } from '../../src/random.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { train } from '../../src/training/training.js';

const SLOTS = 16;
const FIRST_MS = 80;
const EVENTS = 20;
const EVENTS_MS = 500;
const HOLDS_SECONDS = (FIRST_MS + EVENTS_MS) / 1_000;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Headers at once, the first event 80 ms after a slot is free, 20 more within 500 ms. `queue`: this many wait; else 429. */
async function startStreaming(queue: number): Promise<string> {
  let free = SLOTS;
  const waiting: ServerResponse[] = [];
  const serve = (response: ServerResponse): void => {
    free -= 1;
    setTimeout(() => response.write('data: 0\n\n'), FIRST_MS);
    for (let event = 1; event <= EVENTS; event++)
      setTimeout(
        () => {
          response.write(`data: ${event}\n\n`);
          if (event === EVENTS) end(response);
        },
        FIRST_MS + (EVENTS_MS * event) / EVENTS,
      );
  };
  const end = (response: ServerResponse): void => {
    response.end();
    free += 1;
    const next = waiting.shift();
    if (next !== undefined) serve(next);
  };
  const server = createServer((_, response) => {
    const isFull = free === 0 && waiting.length >= queue;
    if (isFull) {
      response.writeHead(429, { 'retry-after': '1' }).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    if (free > 0) serve(response);
    else waiting.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function learned(url: string, objectives: string[]): Promise<{ limit: Limit; errors: Record<string, number> }> {
  const load = createThreadLoad();
  const target = toTarget({ url, objectives }, 'streaming');
  const errors: Record<string, number> = {};
  try {
    const options = { kinds: ['load_balancing' as const], budgetMs: 240_000, precision: 0.1, seed: 3, load, target };
    const session = train({
      ...options,
      clock: realClock,
      signal: new AbortController().signal,
      allowTargets: [],
      sessionId: 'ses_streaming',
      history: [],
    });
    for await (const event of session) {
      if (event.type === 'scenario_completed')
        for (const [kind, count] of Object.entries(event.result.measurement?.errors ?? {}))
          errors[kind] = (errors[kind] ?? 0) + count;
      if (event.type === 'ended') return { limit: event.limits[0] as Limit, errors };
    }
    throw new Error('the session did not end');
  } finally {
    await load.close();
  }
}

/** The share of requests that wait for their first event for longer than 200 ms, by simulation of a long run. */
function lateShare(perSecond: number): number {
  const random = createRandom(11);
  const slots = Array.from({ length: SLOTS }, () => 0);
  let at = 0;
  let late = 0;
  const requests = 60_000;
  for (let request = 0; request < requests; request++) {
    at += -Math.log(1 - random.next()) / perSecond;
    slots.sort((a, b) => a - b);
    const begins = Math.max(at, slots[0] as number);
    slots[0] = begins + HOLDS_SECONDS;
    if (begins - at + FIRST_MS / 1_000 > 0.2) late += 1;
  }
  return late / requests;
}

function rateWhere(holds: (perSecond: number) => boolean): number {
  let [low, high] = [1, SLOTS / HOLDS_SECONDS];
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Erlang's loss formula (1917): the share that finds all slots taken. */
function lostShare(perSecond: number): number {
  let lost = 1;
  for (let slot = 1; slot <= SLOTS; slot++) {
    const offered = perSecond * HOLDS_SECONDS * lost;
    lost = offered / (slot + offered);
  }
  return lost;
}

describe('a service that streams', () => {
  it('has a limit by the first byte, which is told as what binds', async () => {
    const truth = rateWhere((rate) => lateShare(rate) < 0.05);
    const { limit } = await learned(await startStreaming(64), ['ttfb.p(95)<200']);
    expect(limit).toMatchObject({ status: 'known', binding: 'ttfb.p(95)<200' });
    expect(limit.estimate).toBeGreaterThan(truth * 0.8);
    expect(limit.estimate).toBeLessThan(truth * 1.2);
  });

  it('is below every rate by whole answers', async () => {
    const { limit } = await learned(await startStreaming(64), ['p(95)<200']);
    expect(limit.status).toBe('below');
  });

  it('has a limit by what it refuses, with each refusal counted and none sent again', async () => {
    const truth = rateWhere((rate) => lostShare(rate) < 0.01);
    const { limit, errors } = await learned(await startStreaming(0), ['rate<0.01']);
    expect(limit).toMatchObject({ status: 'known', binding: 'rate<0.01' });
    expect(limit.estimate).toBeGreaterThan(truth * 0.75);
    expect(limit.estimate).toBeLessThan(truth * 1.25);
    expect(Object.keys(errors)).toEqual(['http_4xx']);
  });
});
