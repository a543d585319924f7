import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import { realClock } from '../../src/clock.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { train } from '../../src/training/training.js';
import { startAnswering } from '../load/answering.js';
import { createVirtualClock } from '../../src/virtual/clock.js';
import { createVirtualLoad } from '../../src/virtual/load.js';
import { virtualOutside } from '../../src/virtual/outside.js';
import { createQueue } from '../../src/virtual/queue.js';
import type { Served, VirtualService } from '../../src/virtual/service.js';
import { SERVICES } from '../golden/services.js';

type Ending = Extract<TrainingEvent, { type: 'ended' }>;

type Serve = VirtualService['serve'];

/** A session against a service to which something happens; `now` is the session's clock. */
async function sessionWhere(
  happens: (serve: Serve, now: () => number) => Serve,
): Promise<{ events: TrainingEvent[]; ended: Ending; nowMs: number }> {
  const { settings, target } = SERVICES['one that refuses']!;
  const clock = createVirtualClock();
  const service = createQueue(settings, 7);
  const changed = { ...service, serve: happens(service.serve, clock.now) };
  const events: TrainingEvent[] = [];
  const session = train({
    target,
    kinds: ['load_balancing'],
    budgetMs: 300_000,
    precision: 0.05,
    seed: 7,
    load: createVirtualLoad(clock, changed),
    clock,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
    history: [],
    outside: virtualOutside(changed, clock),
  });
  for await (const event of session) events.push(event);
  return { events, ended: events.at(-1) as Ending, nowMs: clock.now() };
}

const lost = (error: 'refused' | null): Served => ({
  tookMs: error === null ? Infinity : 1,
  error,
  cache: null,
  servedBy: null,
});
const DIES_MS = 40_000;

describe('a target that stops answering', () => {
  const endsSoon = async (error: 'refused' | null, words: string): Promise<void> => {
    const { events, ended, nowMs } = await sessionWhere(
      (serve, now) => (request, answer, plan) => (now() > DIES_MS ? answer(lost(error)) : serve(request, answer, plan)),
    );
    expect(ended).toMatchObject({ code: 'target_unreachable', stopped: false });
    expect(ended.reason).toContain(words);
    expect(nowMs - DIES_MS).toBeLessThan(10_000);
    const last = events.findLast((event) => event.type === 'scenario_completed');
    expect(last).toMatchObject({ result: { verdict: 'undecided', evidence: null } });
    const limits = events.flatMap((event) => (event.type === 'limit_updated' ? [event.limit] : []));
    const { low, high, estimate } = limits.at(-2)!;
    expect(ended.limits[0]).toMatchObject({ low, high, estimate });
  };
  it('and refuses connections ends the session within 10 s, with the cause, and the run teaches nothing', () =>
    endsSoon('refused', 'refused'));
  itSlow('and says nothing ends the session within 10 s, with the cause, and the run teaches nothing', () =>
    endsSoon(null, 'no answer'),
  );

  it('for 3 s, and answers again, goes on being measured', async () => {
    const { ended } = await sessionWhere(
      (serve, now) => (request, answer, plan) =>
        now() > DIES_MS && now() < DIES_MS + 3_000 ? answer(lost('refused')) : serve(request, answer, plan),
    );
    expect(ended.code).toBe('goal');
  });

  it('only under a load it never had, and is started again, teaches where it breaks', async () => {
    const CRASHES_AT = 150;
    const RESTARTS_MS = 2_000;
    const newest: number[] = [];
    let crashedMs = -Infinity;
    const { ended, events } = await sessionWhere((serve) => (request, answer, plan) => {
      newest.push(request.atMs);
      while (newest[0]! <= request.atMs - 1_000) newest.shift();
      if (newest.length > CRASHES_AT && request.atMs > crashedMs + RESTARTS_MS) crashedMs = request.atMs;
      if (request.atMs < crashedMs + RESTARTS_MS) answer(lost('refused'));
      else serve(request, answer, plan);
    });
    expect(ended.code).not.toBe('target_unreachable');
    expect(events.filter((event) => event.type === 'limit_updated').length).toBeGreaterThan(2);
    const [limit] = ended.limits;
    expect(limit!.high).toBeGreaterThan(80);
    expect(limit!.low).toBeLessThan(CRASHES_AT);
  });

  it('from the start is no measurement', async () => {
    await expect(sessionWhere(() => (_, answer) => answer(lost('refused')))).rejects.toMatchObject({
      code: 'target_unreachable',
    });
  });
});

it('a target that answers each request with an error has no limit, and that is said instead', async () => {
  const sent: number[] = [];
  const server = await startAnswering((response) => {
    sent.push(performance.now());
    response.writeHead(500).end('broken');
  });
  const load = createThreadLoad();
  try {
    const session = train({
      target: toTarget({ url: server.url }, 'shop'),
      kinds: ['load_balancing'],
      budgetMs: 60_000,
      precision: 0.05,
      seed: 1,
      load,
      clock: realClock,
      signal: new AbortController().signal,
      allowTargets: [],
      sessionId: 'ses_1',
      history: [],
    });
    await expect(session.next()).rejects.toMatchObject({
      code: 'target_unreachable',
      message: 'shop cannot be measured: it answers 500 to every request, also to one at a time',
    });
    // Seven where a busy machine made one of three slow: REQUESTS_IN_DOUBT.
    expect([3, 7]).toContain(sent.length);
  } finally {
    await Promise.all([load.close(), server.close()]);
  }
});

itSlow(
  'a real target that is gone in mid-session ends it within 10 s',
  async () => {
    const server = await startAnswering((response) => setTimeout(() => response.end('ok'), 5));
    const load = createThreadLoad();
    let good = 0;
    let goneMs = 0;
    let ended: Ending | null = null;
    try {
      const session = train({
        target: toTarget({ url: server.url, safety: { maxRatePerSecond: 100 } }, 'shop'),
        kinds: ['load_balancing'],
        budgetMs: 60_000,
        precision: 0.05,
        seed: 1,
        load,
        clock: realClock,
        signal: new AbortController().signal,
        allowTargets: [],
        sessionId: 'ses_1',
        history: [],
      });
      for await (const event of session) {
        if (event.type === 'window') good += event.window.counts.good;
        if (good > 30 && goneMs === 0) {
          await server.close();
          goneMs = performance.now();
        }
        if (event.type === 'ended') ended = event;
      }
    } finally {
      await load.close();
    }
    expect(ended).toMatchObject({ code: 'target_unreachable', limits: [{ status: 'unknown' }] });
    expect(performance.now() - goneMs).toBeLessThan(10_000);
  },
  30_000,
);
