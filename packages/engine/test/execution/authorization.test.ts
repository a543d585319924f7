import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toTarget, type TargetInput } from '@hive/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { contact } from '../../src/checking/contact.js';
import { realClock } from '../../src/clock.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import type { Executed } from '../../src/execution/execute.js';
import { runAlone } from '../../src/execution/guarding/run-alone.js';
import { plainScenario } from '../../src/execution/plain-scenario.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { train } from '../../src/training/training.js';
import { AUTH, SECRETS, startTokenServer, type TokenServer } from './token-server.js';

const load = createThreadLoad();
afterAll(() => load.close());
const folder = mkdtempSync(join(tmpdir(), 'hive-auth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let server: TokenServer;
afterEach(() => server.close());

const targetOf = (more: Partial<TargetInput> = {}) =>
  toTarget({ url: server.url, auth: AUTH, objectives: ['rate<0.5'], ...more }, 'shop');

interface Ran extends Executed {
  events: TrainingEvent[];
}

/** Runs ten requests at a time; `seen` is told each event. */
async function run(
  target: ReturnType<typeof targetOf>,
  { durationMs = 300, seen = () => undefined }: { durationMs?: number; seen?: (event: TrainingEvent) => void } = {},
): Promise<Ran> {
  const plan = {
    arrivals: { model: 'closed' as const, connections: 10, thinkMs: 5 },
    warmupMs: 0,
    durationMs,
    timeoutMs: 2_000,
    graceMs: 2_000,
  };
  const run = runAlone({
    scenario: plainScenario({ target, plan, seed: 1 }),
    target,
    load,
    clock: realClock,
    plain: true,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
    environment: SECRETS,
  });
  const events: TrainingEvent[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { ...next.value, events };
    events.push(next.value);
    seen(next.value);
  }
}

const lived = (events: unknown): string => JSON.stringify(events);

describe('a target that wants a login', () => {
  it('is asked with tokens that are always good, and nothing secret is told', async () => {
    server = await startTokenServer({ seconds: 1 });
    const { result, events } = await run(targetOf(), { durationMs: 2_500 });
    expect(result).toMatchObject({ verdict: 'passed', measurement: { statusCodes: { 200: expect.any(Number) } } });
    expect(server.statuses[401]).toBeUndefined();
    expect(server.logins.length).toBeGreaterThanOrEqual(3);
    // Logins are no load.
    expect(result.measurement?.counts.planned).toBe(server.statuses[200]);
    expect(lived([result, events])).not.toMatch(/top-secret|tok-shop/);
  });

  it('teaches nothing where its tokens end in the middle, and asks for new ones once', async () => {
    server = await startTokenServer({ seconds: 60 });
    let windows = 0;
    const { result } = await run(targetOf(), {
      durationMs: 2_000,
      seen: ({ type }) => {
        if (type === 'window' && (windows += 1) === 2) server.revoke();
      },
    });
    expect(result).toMatchObject({ verdict: 'undecided', evidence: null, validity: { status: 'invalid' } });
    expect(result.reason).toMatch(/responses were 401: the target no longer accepted its tokens/);
    expect([server.logins.length, server.statuses[200]! > server.statuses[401]!]).toEqual([2, true]);
    expect(lived(result)).not.toMatch(/top-secret|tok-shop/);
  });

  it('is not blamed where each new token ends the life of the one before it, and is asked for no more of them', async () => {
    server = await startTokenServer({ seconds: 60, rotates: true });
    const { result } = await run(targetOf({ auth: { ...AUTH, refresh: '1s' } }), { durationMs: 2_500 });
    expect(server.logins.length).toBeOneOf([3, 4]);
    expect(server.statuses[401] ?? 0).toBeLessThan(0.05 * (server.statuses[200] ?? 0));
    expect(result.verdict).not.toBe('failed');
    if (result.verdict === 'undecided') expect(result.reason).toMatch(/responses were 401/);
  });

  it('draws one of its users for each request', async () => {
    server = await startTokenServer({ seconds: 60 });
    const users = join(folder, 'users.csv');
    writeFileSync(users, 'id,secret\nann,top-secret-4711\n"bob, b",top-secret-4711\n');
    const request = { path: '/oauth/token', form: { client_id: '{id}', client_secret: '{secret}' } };
    const { result } = await run(targetOf({ auth: { request, users } }));
    expect(result.measurement?.errors).toEqual({});
    expect([...server.used].sort()).toEqual([...server.given].sort());
    expect(server.given.map((token) => token.split('-')[1]).sort()).toEqual(['ann', 'bob, b']);
  });

  it('is logged in to for the first contact, too', async () => {
    server = await startTokenServer({ seconds: 60 });
    const seen = await contact({ target: targetOf(), allowTargets: [], environment: SECRETS });
    expect(seen).toMatchObject({ ok: true, warnings: [] });
  });

  it('leaves a class alone that brings its own header', async () => {
    server = await startTokenServer({ seconds: 60 });
    const requests = [{ name: 'own', headers: { Authorization: 'Bearer mine' }, expect: [401] }];
    await run(targetOf({ requests }));
    expect([...server.used]).toEqual(['mine']);
  });
});

describe('a login that fails', () => {
  const session = async (more: Partial<TargetInput> = {}, environment: Record<string, string> = SECRETS) => {
    const events: TrainingEvent[] = [];
    const training = train({
      target: targetOf(more),
      load,
      clock: realClock,
      signal: new AbortController().signal,
      allowTargets: [],
      sessionId: 'ses_1',
      environment,
      kinds: ['load_balancing'],
      budgetMs: 20_000,
      precision: 0.05,
      seed: 1,
      history: [],
    });
    try {
      for await (const event of training) events.push(event);
    } catch (error) {
      return { events, error: error as Error & { code: string; hint: string } };
    }
    return { events, error: null };
  };

  it.each<[string, (server: TokenServer) => void, RegExp]>([
    ['answers 503', (one) => (one.login = (response) => response.writeHead(503).end('later')), /answers 503: later/],
    ['closes', (one) => (one.login = (response) => response.destroy()), /closed before an answer came/],
    [
      'gives no token',
      (one) => (one.login = (response) => response.end('{"ok":true}')),
      /no token at \$\.access_token/,
    ],
    [
      'gives the secret back',
      (one) => (one.login = (response) => response.writeHead(400).end('bad top-secret-4711')),
      /answers 400: bad \(masked\)/,
    ],
  ])('because the service %s learns no limit, and says why', async (_, breaks, words) => {
    server = await startTokenServer({ seconds: 60 });
    breaks(server);
    const { events, error } = await session();
    expect(error).toMatchObject({ code: 'target_unreachable', message: expect.stringMatching(words) });
    expect(error?.message).toContain('shop cannot be measured: the login failed');
    expect(lived([events, error?.message])).not.toContain('top-secret');
    expect(events.filter(({ type }) => type === 'limit_updated')).toEqual([]);
    expect(server.statuses).toEqual({});
  });

  it('in the middle of a session ends it without a limit, and says why', async () => {
    server = await startTokenServer({ seconds: 2 });
    const later = setInterval(() => {
      if (server.logins.length > 0) server.login = (response) => void response.writeHead(503).end('later');
    }, 50);
    const { events, error } = await session();
    clearInterval(later);
    expect(error).toBeNull();
    expect(events.at(-1)).toMatchObject({
      type: 'ended',
      code: 'target_unreachable',
      reason: expect.stringMatching(/^shop cannot be measured: the login failed: it answers 503: later/),
      limits: [{ status: 'unknown', low: null, high: null }],
    });
    expect(lived(events)).not.toMatch(/top-secret|tok-shop/);
  });

  it('because of the credentials says so', async () => {
    server = await startTokenServer({ seconds: 60 });
    const { error } = await session({}, { HIVE_SECRET_KEY: 'another-secret' });
    expect(error).toMatchObject({ code: 'target_unreachable', hint: expect.stringContaining('credentials') });
    await expect(session({}, {})).resolves.toMatchObject({
      error: { code: 'validation', message: expect.stringContaining('HIVE_SECRET_KEY') },
    });
  });

  it('because its address is not allowed is refused before it is dialled', async () => {
    server = await startTokenServer({ seconds: 60 });
    const request = { url: 'http://10.0.0.5/token', form: {} };
    const { error } = await session({ auth: { request } });
    expect(error).toMatchObject({ code: 'refused_by_safety' });
  });
});
