import { toTarget, type RequestClass } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { createEvents } from '../../src/virtual/events.js';
import { createQueue, type QueueSettings } from '../../src/virtual/queue.js';
import type { VirtualService } from '../../src/virtual/service.js';
import { createSharing } from '../../src/virtual/sharing.js';

const sent = toTarget({ url: 'http://127.0.0.1:1' }, 'shop').requests[0] as RequestClass;

/** What becomes of requests that come at these times: how long each took, or what was wrong with it. */
function served(service: VirtualService, arrivalsMs: readonly number[]): (number | string)[] {
  const events = createEvents();
  const ends: (number | string)[] = [];
  for (const [index, at] of arrivalsMs.entries())
    events.plan(at, (atMs) =>
      service.serve(
        { atMs, node: 'one', via: null, sent, key: 0, bytes: 0 },
        ({ tookMs, error }) => (ends[index] = error ?? tookMs),
        (when, happen) => events.plan(when, happen),
      ),
    );
  events.until(1e6);
  return ends;
}

const queue = (settings: Partial<QueueSettings>): VirtualService =>
  createQueue({ slots: 1, serviceMs: () => 10, ...settings }, 1);

describe('a virtual queue', () => {
  it('serves whoever comes first, and lets the others wait', () => {
    expect(served(queue({ slots: 2 }), [0, 0, 0, 0, 100])).toEqual([10, 10, 20, 20, 10]);
  });

  it('turns away who would wait too long, or behind too many', () => {
    expect(served(queue({ mostWaitMs: 15 }), [0, 0, 0])).toEqual([10, 20, 'http_5xx']);
    expect(served(queue({ mostWaiting: 1 }), [0, 0, 0, 11])).toEqual([10, 20, 'http_5xx', 19]);
  });

  it('says when it has worked off what it was sent', () => {
    const service = queue({ slots: 2 });
    served(service, [0, 0, 0]);
    expect(service.idleAtMs()).toBe(20);
  });

  it('lets its settings keep a state of their own', () => {
    let count = 0;
    expect(served(queue({ refuses: () => ++count % 2 === 0, afterMs: () => 5 }), [0, 0, 50])).toEqual([
      15,
      'http_5xx',
      15,
    ]);
    const closedUntil20 = queue({ before: (_, freeMs) => freeMs.fill(Math.max(20, freeMs[0]!)) });
    expect(served(closedUntil20, [0, 0])).toEqual([30, 40]);
  });
});

describe('a virtual service that shares its speed', () => {
  const sharing = (most: number): VirtualService =>
    createSharing({ most, work: () => 1, speed: (count) => (count > 2 ? 50 : 100) }, 1);

  it('gives each of its requests the same part', () => {
    expect(served(sharing(9), [0, 0, 100]).map((ms) => Math.round(Number(ms)))).toEqual([20, 20, 10]);
    // Alone for 5 ms, then half as fast; whoever came later is alone at the end.
    expect(served(sharing(9), [0, 5]).map((ms) => Math.round(Number(ms)))).toEqual([15, 15]);
  });

  it('says when it has worked off what it was sent', () => {
    const service = sharing(9);
    for (const key of [1, 2, 3])
      service.serve(
        { atMs: 0, node: 'one', via: null, sent, key, bytes: 0 },
        () => undefined,
        () => undefined,
      );
    // Three together get 50 a second done.
    expect(service.idleAtMs()).toBeCloseTo(60, 6);
  });

  it('loses speed and refuses when there are too many', () => {
    expect(served(sharing(3), [0, 0, 0, 0]).map((one) => (one === 'http_5xx' ? one : Math.round(Number(one))))).toEqual(
      [60, 60, 60, 'http_5xx'],
    );
  });
});
