import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HIVE_VERSION, toTarget, type Kind, type TargetInput } from '@hive/contract';
import { realClock } from '../../src/clock.js';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { checkContact } from '../../src/checking/contact.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import { plainScenario } from '../../src/execution/plain-scenario.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { admit } from '../../src/execution/guarding/admit.js';
import { runAlone } from '../../src/execution/guarding/run-alone.js';
import { train } from '../../src/training/training.js';
import { machineThat, QUIET } from '../machine/usages.js';
import { startAnswering, type Answering } from '../load/answering.js';

const load = createThreadLoad({ threads: 2 });
const servers: Server[] = [];
const targets: Answering[] = [];
afterAll(() => load.close());
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  for (const target of targets.splice(0)) await target.close();
});

/** A target that remembers when it was asked for what. */
async function recordingTarget(): Promise<Answering & { atMs: number[] }> {
  const atMs: number[] = [];
  const target = await startAnswering((response) => {
    atMs.push(performance.now());
    response.end('ok');
  });
  targets.push(target);
  return { ...target, atMs };
}

/** Says what it is told to: from the given question on it is bad. */
async function health(badFrom: number, how: 'answers 503' | 'says nothing' = 'answers 503') {
  const badAtMs: number[] = [];
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    if (asked < badFrom) return void response.end('fine');
    badAtMs.push(performance.now());
    if (how === 'says nothing') return;
    response.statusCode = 503;
    response.end('busy');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`, badAtMs, asked: () => asked };
}

async function trained(input: TargetInput, budgetMs = 30_000, kinds: Kind[] = ['load_balancing']) {
  const target = toTarget(input, 'shop');
  const common = { target, clock: realClock, allowTargets: [], sessionId: 'ses_guarded' };
  const allowance = await admit({ ...common, purpose: 'train' });
  await checkContact({ ...common, allowance });
  const events: TrainingEvent[] = [];
  for await (const event of train({
    ...common,
    allowance,
    kinds,
    budgetMs,
    precision: 0.05,
    seed: 7,
    history: [],
    load,
    threads: 2,
    signal: new AbortController().signal,
    outside: { watchMachine: () => machineThat(() => QUIET) },
  }))
    events.push(event);
  return { events, ended: events.at(-1) as Extract<TrainingEvent, { type: 'ended' }> };
}

describe('a guard beside the load', { timeout: 60_000 }, () => {
  const stopsIt = async (how: 'answers 503' | 'says nothing', reason: RegExp, waitedMs: number): Promise<void> => {
    const target = await recordingTarget();
    const guard = await health(4, how);
    const { ended, events } = await trained({
      url: target.url,
      safety: { guards: [{ url: guard.url }], maxRatePerSecond: 300 },
    });
    expect(ended).toMatchObject({
      code: 'stopped_by_guard',
      stopped: false,
      reason: expect.stringMatching(reason) as string,
    });
    const lastMs = target.atMs.at(-1) as number;
    expect(lastMs).toBeGreaterThan(guard.badAtMs[0] as number);
    expect(lastMs - (guard.badAtMs[1] as number)).toBeLessThan(1_000 + waitedMs);
    const last = events.findLast((event) => event.type === 'scenario_completed');
    expect(last?.type === 'scenario_completed' && last.result).toMatchObject({ verdict: 'aborted', evidence: null });
  };
  it('that twice in a row answers 503 stops the session within a second', () =>
    stopsIt('answers 503', /^the guard 127\.0\.0\.1:\d+\/health stopped the session: answered 503$/, 0));
  // It is waited for one second each time.
  itSlow('that twice in a row says nothing stops it too', () =>
    stopsIt('says nothing', /stopped the session: no complete answer within 1 s$/, 1_000),
  );

  itSlow('may slip once', async () => {
    const target = await recordingTarget();
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.statusCode = asked === 2 ? 500 : 200;
      response.end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { ended } = await trained({ url: target.url, safety: { guards: [{ url }], maxRatePerSecond: 50 } }, 7_000);
    expect(ended.code).not.toBe('stopped_by_guard');
    expect(asked).toBeGreaterThan(3);
  });

  it('that is bad already lets nothing begin', async () => {
    const target = await recordingTarget();
    const guard = await health(1);
    await expect(trained({ url: target.url, safety: { guards: [{ url: guard.url }] } })).rejects.toMatchObject({
      code: 'refused_by_safety',
      message: expect.stringMatching(/^the guard .*\/health of shop is bad already: answered 503$/) as string,
    });
    expect(target.seen).toEqual([]);
    expect(guard.asked()).toBe(1);
  });
});

describe('what a target sees of a session', { timeout: 60_000 }, () => {
  it('is never more than the session may send, first contact and questions at rest included', async () => {
    const target = await recordingTarget();
    const { ended } = await trained({ url: target.url, safety: { maxRequests: 300 } });
    expect(ended.code).toBe('max_requests');
    expect(target.seen.length).toBeLessThanOrEqual(300);
    expect(target.seen.length).toBeGreaterThan(250);
  });

  it.each([
    ['a whole second too many', { maxRequests: 3 }],
    ['the first contact', { maxRequests: 1 }],
  ])('ends with the cap also where that is reached before the first run: %s', async (_, safety) => {
    const target = await recordingTarget();
    const { ended } = await trained({ url: target.url, safety });
    expect(ended.code).toBe('max_requests');
    expect(target.seen).toHaveLength(safety.maxRequests);
  });

  it('is never more at once, nor faster, than its caps say, in any number of threads', async () => {
    const atMs: number[] = [];
    let open = 0;
    let most = 0;
    const server = createServer((_, response) => {
      atMs.push(performance.now());
      setTimeout(() => response.end('ok'), 15);
    });
    server.on('connection', (socket) => {
      most = Math.max(most, ++open);
      socket.on('close', () => (open -= 1));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const safety = { maxConnections: 5, maxRatePerSecond: 60 };
    await trained({ url, safety }, 5_000, ['concurrent_requests']);
    expect(most).toBeLessThanOrEqual(5);
    // The closed model is spaced by each thread, with room for bursts of 10 ms; a busy machine may bunch a little more.
    const inASecond = atMs.map((ms) => atMs.filter((other) => other >= ms && other < ms + 1_000).length);
    expect(Math.max(...inASecond)).toBeLessThanOrEqual(1.25 * 60);
    expect(atMs.length).toBeGreaterThan(60);
  });

  it('says who sends it, and for which session', async () => {
    const target = await recordingTarget();
    await trained({ url: target.url, safety: { maxRequests: 60 } });
    const told = new Set(
      target.seen.map(({ headers }) => `${headers['user-agent']} ${headers['x-hive-session'] as string}`),
    );
    expect([...told]).toEqual([`hive/${HIVE_VERSION} ses_guarded`]);
  });

  it('says what the target says of itself, and nothing where it does not want to be told', async () => {
    const own = await recordingTarget();
    const headers = { 'User-Agent': 'shop-probe', 'X-Hive-Session': 'mine' };
    await trained({ url: own.url, requests: [{ headers }], safety: { maxRequests: 40 } });
    const told = new Set(
      own.seen.map((one) => `${one.headers['user-agent']} ${one.headers['x-hive-session'] as string}`),
    );
    expect([...told]).toEqual(['shop-probe mine']);

    const silent = await recordingTarget();
    await trained({ url: silent.url, identify: false, safety: { maxRequests: 40 } });
    expect(silent.seen.length).toBeGreaterThan(10);
    for (const one of silent.seen) {
      expect(one.headers).not.toHaveProperty('user-agent');
      expect(one.headers).not.toHaveProperty('x-hive-session');
    }
  });

  it('of one run is bounded likewise, and the run ends with the code', async () => {
    const target = await recordingTarget();
    const shop = toTarget({ url: target.url, safety: { maxRequests: 80 } }, 'shop');
    const arrivals = { model: 'closed', connections: 8, thinkMs: 0, maxPerSecond: 100 } as const;
    const plan = { arrivals, warmupMs: 0, durationMs: 5_000, timeoutMs: 1_000, graceMs: 1_000 };
    const events: TrainingEvent[] = [];
    for await (const event of runAlone({
      scenario: plainScenario({ target: shop, plan, seed: 1 }),
      target: shop,
      load,
      clock: realClock,
      signal: new AbortController().signal,
      allowTargets: [],
      sessionId: 'exe_1',
      plain: true,
    }))
      events.push(event);
    expect(events.at(-1)).toMatchObject({ type: 'ended', code: 'max_requests', stopped: false });
    expect(target.seen.length).toBeLessThanOrEqual(80);
    expect(target.seen.length).toBeGreaterThan(70);
  });
});
