import type { Regions } from '@hive/contract';
import { connect, jwtAuthenticator } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../../test/services.js';
import { startAnswering, type Answering } from '../../../engine/test/load/answering.js';
import { collect, constant, order } from '../../../engine/test/load/order.js';
import { beeSubject } from '../../src/keys/subjects.js';
import { invite } from '../../src/joining/invite.js';
import { joinFleet } from '../../src/joining/membership.js';
import { readJoin } from '../../src/keys/join-string.js';
import { startBee } from '../../src/bee/bee.js';
import { signed } from '../../src/wire/messages.js';
import { NO_CAPS, startTestSwarm, type TestSwarm } from '../bees.js';

const LIMITS = { count: 5, eachWithinMs: 1_000, allWithinMs: 2_000 };

const five = <What>(what: What): What[] => Array.from({ length: 5 }, () => what);

describeWith(natsServer, 'checks from load generators', (program) => {
  let swarm: TestSwarm;
  let target: Answering;
  beforeAll(async () => {
    target = await startAnswering();
    swarm = await startTestSwarm(program);
    await swarm.join('eu-1', { region: 'eu', environment: { HIVE_SECRET_KEY: 'of eu' } });
    await swarm.join('us-1', { region: 'us', environment: { HIVE_SECRET_KEY: 'of us' } });
  });
  afterAll(async () => {
    await swarm.close();
    await target.close();
  });

  const what = (url: string) => ({
    ...LIMITS,
    target: {
      id: 'shop',
      nodes: [{ url, weight: 1 }],
      requests: [{ name: 'a', method: 'GET', path: '/', headers: { 'x-key': '${HIVE_SECRET_KEY}' }, weight: 1 }],
      insecure: false,
    },
  });
  const ask = (regions: Regions, url = target.url) => swarm.hub.ask(regions, what(url));

  it('say what each region saw, with its own secrets and by its own rules', async () => {
    await expect.poll(() => swarm.hub.all().map(({ state }) => state)).toEqual(['idle', 'idle']);
    const found = await ask('all');
    expect(found.map(({ region }) => region).toSorted()).toEqual(['eu', 'us']);
    for (const one of found)
      expect(one).toMatchObject({ asked: five({ good: true, problem: null }), certificateDays: null });
    expect(new Set(target.seen.map(({ headers }) => headers['x-key']))).toEqual(new Set(['of eu', 'of us']));
    const [refused] = await ask({ eu: 1 }, 'http://192.0.2.1');
    expect(refused).toMatchObject({ region: 'eu', error: { code: 'refused_by_safety' } });
    const [down] = await ask({ us: 1 }, 'http://127.0.0.1:1');
    expect(down).toMatchObject({ asked: five({ good: false, problem: expect.stringContaining('refused') }) });
  });

  it('run beside a run, and many at once', async () => {
    const running = collect(swarm.hub.load('all'), order(target.url, { arrivals: constant(20), durationMs: 1_000 }));
    await expect.poll(() => swarm.hub.look().then(() => swarm.hub.all()[0]?.state)).toBe('busy');
    const found = await Promise.all(Array.from({ length: 20 }, () => ask({ eu: 1, us: 1 })));
    expect(found.flat().filter((one) => 'asked' in one && one.asked.every(({ good }) => good))).toHaveLength(40);
    expect((await running).collector.whole().counts).toMatchObject({ planned: 20, good: 20 });
  });

  it('say who is not there', async () => {
    const hint = 'see the page Load generators, or GET /api/fleet';
    const unheard = (message: string) => ({ code: 'fleet_unreachable', message, hint });
    expect(await ask({ nowhere: 1 })).toMatchObject([
      { region: 'nowhere', error: unheard('no load generator of nowhere is there') },
    ]);
    const silent = await swarm.join('gone', { region: 'gone' });
    await expect.poll(() => swarm.hub.all().find(({ member }) => member.name === 'gone')?.state).toBe('idle');
    await silent.connection.close();
    const found = await swarm.hub.ask({ gone: 1 }, { ...what(target.url), allWithinMs: -4_500 });
    expect(found).toMatchObject([{ region: 'gone', error: unheard('gone did not answer') }]);
  });

  it('are asked by the hub alone, each once', async () => {
    const { join } = await invite(swarm.fleet, { name: 'watched', region: 'signed' });
    const membership = await joinFleet(readJoin(join));
    const more = { threads: 1, allowTargets: [], environment: { HIVE_SECRET_KEY: 'x' }, caps: NO_CAPS };
    swarm.bees.push(await startBee({ membership, ...more }));
    const { id } = membership;
    const authenticator = jwtAuthenticator(membership.jwt, Buffer.from(membership.seed));
    const thief = await connect({ servers: swarm.fleet.url, authenticator });
    const nonces: string[] = [];
    const answers: unknown[] = [];
    thief.subscribe(beeSubject(id, 'may'), {
      callback: (_, message) => void nonces.push(message.json<{ nonce: string }>().nonce),
    });
    for (const about of ['answered', 'not-asked'])
      thief.subscribe(beeSubject(id, about), { callback: (_, message) => void answers.push(message.json()) });
    const tell = (about: string, bytes: Uint8Array): void => thief.publish(beeSubject(id, about), bytes);
    for (const one of ['a', 'b']) tell('want', Buffer.from(JSON.stringify({ ask: one })));
    await expect.poll(() => nonces.length).toBe(2);
    const command = (nonce = '') => ({ type: 'ask', bee: id, nonce, ask: 'x', what: what(target.url) }) as const;
    const { hubSeed } = swarm.fleet.keys;
    tell('ask', signed(command(nonces[0]), membership.seed));
    tell('ask', signed({ ...command(nonces[0]), bee: 'another' }, hubSeed));
    tell('ask', signed(command('f'.repeat(32)), hubSeed));
    // A number for a check orders no run.
    tell('order', signed(command(nonces[0]), hubSeed));
    const before = target.seen.length;
    const genuine = signed(command(nonces[1]), hubSeed);
    tell('ask', genuine);
    tell('ask', genuine);
    await expect.poll(() => answers.length).toBe(1);
    await thief.flush();
    expect([answers.length, target.seen.length]).toEqual([1, before + 5]);
    await thief.close();
  });
});
