import { connect, jwtAuthenticator } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../../test/services.js';
import { newAllowance, spentOf } from '@hive/engine';
import { startAnswering, type Answering } from '../../../engine/test/load/answering.js';
import { bookkeeping, collect, constant, follow, order } from '../../../engine/test/load/order.js';
import { startBee } from '../../src/bee/bee.js';
import { connectFleet } from '../../src/joining/connection.js';
import { invite, revoke } from '../../src/joining/invite.js';
import { joinFleet } from '../../src/joining/membership.js';
import { readJoin } from '../../src/keys/join-string.js';
import { hubJwt } from '../../src/keys/fleet-keys.js';
import { beeSubject, HUB_SUBJECTS } from '../../src/keys/subjects.js';
import { signed } from '../../src/wire/messages.js';
import { NO_CAPS, startTestSwarm, type TestSwarm } from '../bees.js';

describeWith(natsServer, 'a fleet', (program) => {
  let swarm: TestSwarm;
  let target: Answering;
  beforeAll(async () => {
    target = await startAnswering();
    swarm = await startTestSwarm(program, { tallyMs: 300 });
  });
  afterAll(async () => {
    await swarm.close();
    await target.close();
  });

  const stateOf = (name: string) => swarm.hub.all().find(({ member }) => member.name === name)?.state;

  // These three wait for seconds, and count nothing that another one sends: beside each other.
  it.concurrent('ends a run as not usable when a load generator is lost, and counts what it was to send', async () => {
    await swarm.join('stays', { region: 'loses' });
    const lost = await swarm.join('goes', { region: 'loses' });
    const what = order(target.url, { arrivals: constant(200), durationMs: 20_000, tickMs: 250 });
    const { collector, ticks } = await follow(swarm.hub.load({ loses: 1 }), what, {
      seen: (so) => {
        // Its line is cut.
        if (so.length === 2) void lost.connection.close();
      },
    });
    expect(collector.validity()).toMatchObject({ status: 'invalid' });
    expect(collector.validity().reasons.join()).toMatch(
      /load generator goes was lost at \d\.\d s; it may have sent up to \d+/,
    );
    const { counts } = collector.whole();
    expect(counts.droppedGenerator).toBe(ticks.at(-1)?.lost?.[0]?.unaccounted);
    expect(counts.droppedGenerator).toBeGreaterThan(50);
    expect(counts.planned).toBe(counts.sent + counts.droppedTarget + counts.droppedGenerator);
    expect(ticks.at(-1)!.toMs).toBeLessThan(10_000);
    expect(bookkeeping(collector)).toEqual([]);
  });

  it.concurrent('goes on without a lost one where that was asked for', async () => {
    await swarm.join('on', { region: 'goes-on' });
    const lost = await swarm.join('off', { region: 'goes-on' });
    const what = order(target.url, { arrivals: constant(100), durationMs: 5_000, tickMs: 250 });
    const before = target.seen.length;
    const { collector, ticks } = await follow(swarm.hub.load({ 'goes-on': 1 }, { onLost: 'continue' }), what, {
      seen: (so) => {
        if (so.length === 4) void lost.connection.close();
      },
    });
    expect(collector.validity().reasons[0]).toMatch(
      /^the load generator off was lost at \d\.\d s, and the others went on; it may have sent/,
    );
    const { counts, offeredPerSecond } = collector.whole();
    // The one that stayed sent its half to the end.
    expect(counts.sent).toBeGreaterThanOrEqual(250);
    expect(counts.planned).toBe(counts.sent + counts.droppedTarget + counts.droppedGenerator);
    expect(counts.droppedGenerator).toBe(ticks.at(-1)?.lost?.[0]?.unaccounted);
    expect(target.seen.length - before).toBeGreaterThanOrEqual(counts.sent);
    expect(offeredPerSecond).toBeLessThan(100);
    expect(ticks.at(-1)!.toMs).toBeGreaterThanOrEqual(5_000);
    expect(bookkeeping(collector)).toEqual([]);
  });

  it.concurrent('knows who is there, who is of another version, and who was revoked', async () => {
    await swarm.join('new', { version: '99.1.0' });
    await swarm.join('patched', {});
    await invite(swarm.fleet, { name: 'expected', region: null });
    await swarm.hub.look();
    await expect.poll(() => stateOf('new')).toBe('incompatible');
    await expect.poll(() => stateOf('patched')).toBe('idle');
    expect(stateOf('expected')).toBe('never_seen');
    await revoke(swarm.fleet.roll, 'patched');
    await swarm.hub.look();
    expect(stateOf('patched')).toBe('revoked');
    await expect(collect(swarm.hub.load({ nowhere: 1 }), order(target.url))).rejects.toMatchObject({
      code: 'fleet_unreachable',
      hint: expect.stringContaining('patched revoked'),
    });
  });

  it('are divided by what was measured of them, where it was of all', async () => {
    for (const [name, perSecond] of [
      ['strong', 30_000],
      ['weak', 10_000],
    ] as const)
      await swarm.join(name, { region: 'measured', perSecond, environment: { HIVE_SECRET_WHO: name } });
    const requests = [{ name: 'a', method: 'GET', path: '/', headers: { 'x-who': '${HIVE_SECRET_WHO}' }, weight: 1 }];
    const arrivals = constant(100);
    await collect(swarm.hub.load({ measured: 1 }), order(target.url, { requests, arrivals, durationMs: 400 }));
    const sentBy = (name: string) => target.seen.filter(({ headers }) => headers['x-who'] === name).length;
    expect([sentBy('strong'), sentBy('weak')]).toEqual([30, 10]);
  });

  it('refuses what this machine’s owner did not allow, and reserves nobody then', async () => {
    await swarm.join('strict', { region: 'capped', caps: { ...NO_CAPS, maxRate: 10 } });
    await swarm.join('free', { region: 'capped' });
    const load = swarm.hub.load({ capped: 1 });
    const before = target.seen.length;
    await expect(collect(load, order(target.url, { arrivals: constant(200) }))).rejects.toMatchObject({
      code: 'refused_by_safety',
      message: expect.stringMatching(/^strict: .*--max-rate 10/),
    });
    expect(target.seen.length).toBe(before);
    expect((await collect(load, order(target.url))).collector.whole().counts.good).toBe(4);
  });

  it('keeps its own list of addresses: what the hub allows does not count', async () => {
    await swarm.join('own', { region: 'listed', allowTargets: ['198.51.100.0/24'] });
    const allowed = order('http://192.0.2.1:80', { allowTargets: ['192.0.2.0/24'] });
    await expect(collect(swarm.hub.load({ listed: 1 }), allowed)).rejects.toMatchObject({ code: 'refused_by_safety' });
  });

  it('fills secrets in where the load is sent', async () => {
    await swarm.join('secret', { region: 'secrets', environment: { HIVE_SECRET_KEY: 'of this machine' } });
    const ask = (name: string) => {
      const requests = [{ name: 'a', method: 'GET', path: '/', headers: { 'X-Key': `\${${name}}` }, weight: 1 }];
      return collect(swarm.hub.load({ secrets: 1 }), order(target.url, { requests }));
    };
    await ask('HIVE_SECRET_KEY');
    expect(target.seen.at(-1)?.headers['x-key']).toBe('of this machine');
    await expect(ask('HIVE_SECRET_OTHER')).rejects.toMatchObject({
      message: expect.stringContaining('HIVE_SECRET_OTHER'),
    });
  });

  it('never sends more than a session may, all together', async () => {
    for (const name of ['a', 'b', 'c']) await swarm.join(name, { region: 'spends', weight: name === 'a' ? 2 : 1 });
    const allowance = newAllowance({ maxRequests: 31, maxBadRequests: null })!;
    const before = target.seen.length;
    const { collector } = await collect(
      swarm.hub.load({ spends: 1 }),
      order(target.url, { arrivals: constant(200, { maxConnections: 10 }), durationMs: 500, allowance }),
    );
    expect(target.seen.length - before).toBeLessThanOrEqual(31);
    expect(spentOf(allowance).requests).toBe(collector.whole().counts.sent);
    expect(collector.whole().counts.sent).toBe(31);
  });

  it('are divided by the shares of their regions, and say what each region saw', async () => {
    await swarm.join('near-1', { region: 'near' });
    await swarm.join('far-1', { region: 'far', weight: 3 });
    await swarm.join('far-2', { region: 'far' });
    const load = swarm.hub.load({ near: 70, far: 30 });
    const { collector } = await collect(load, order(target.url, { arrivals: constant(200), durationMs: 1_000 }));
    const { counts, named } = collector.whole();
    const { near, far } = named.byRegion ?? {};
    expect([near?.planned, far?.planned]).toEqual([140, 60]);
    expect((near?.good ?? 0) + (far?.good ?? 0)).toBe(counts.good);
    expect((near?.responseTimeMs.count ?? 0) + (far?.responseTimeMs.count ?? 0)).toBe(counts.answered);
  });

  it('follows nobody but the hub, and each order once', async () => {
    const { join } = await invite(swarm.fleet, { name: 'watched', region: 'signed' });
    const membership = await joinFleet(readJoin(join));
    const told: string[] = [];
    const bee = await startBee({
      membership,
      threads: 1,
      allowTargets: [],
      environment: {},
      caps: NO_CAPS,
      log: (text) => told.push(text),
    });
    swarm.bees.push(bee);
    // Whoever has its credential can speak on its subjects: a server that was taken over, say.
    const thief = await connect({
      servers: swarm.fleet.url,
      authenticator: jwtAuthenticator(membership.jwt, Buffer.from(membership.seed)),
    });
    const heard: Uint8Array[] = [];
    const nonces: string[] = [];
    thief.subscribe(beeSubject(membership.id, 'order'), { callback: (_, message) => void heard.push(message.data) });
    thief.subscribe(beeSubject(membership.id, 'hello'), {
      callback: (_, message) => void nonces.push(message.json<{ nonce: string }>().nonce),
    });
    await thief.flush();
    expect((await collect(swarm.hub.load({ signed: 1 }), order(target.url))).collector.whole().counts.good).toBe(4);
    const runs = () => told.filter((text) => text.endsWith('begins')).length;
    expect(runs()).toBe(1);
    expect(heard.length).toBeGreaterThanOrEqual(2);
    const before = target.seen.length;
    for (const again of heard) thief.publish(beeSubject(membership.id, 'order'), again);
    const { allowTargets: _, ...wire } = order(target.url);
    const { keys } = swarm.fleet;
    const other = await startTestSwarm(program);
    const ofOther = other.fleet.keys.hubSeed;
    await other.close();
    const good = () =>
      ({ type: 'reserve', bee: membership.id, nonce: nonces.at(-1)!, run: 'taken', order: wire }) as const;
    const answers: string[] = [];
    for (const about of ['ready', 'refused'])
      thief.subscribe(beeSubject(membership.id, about), { callback: () => void answers.push(about) });
    const sent = async (order: Uint8Array): Promise<void> => {
      thief.publish(beeSubject(membership.id, 'order'), order);
      await thief.flush();
      await swarm.hub.look();
      await expect.poll(() => stateOf('watched')).toBe('idle');
    };
    await sent(signed(good(), membership.seed));
    // Of the hub of another fleet; for another load generator; of a number that was used, or is another's.
    await sent(signed(good(), ofOther));
    await sent(signed({ ...good(), bee: 'another' }, keys.hubSeed));
    await sent(signed({ ...good(), nonce: nonces[0]! }, keys.hubSeed));
    await sent(signed({ ...good(), nonce: 'f'.repeat(32) }, keys.hubSeed));
    expect([answers, runs(), target.seen.length]).toEqual([[], 1, before]);
    // What its hub signs for it, with its newest number, it follows.
    thief.publish(beeSubject(membership.id, 'order'), signed(good(), keys.hubSeed));
    await expect.poll(() => answers).toEqual(['ready']);
    thief.publish(beeSubject(membership.id, 'done'), Buffer.from(JSON.stringify({ run: 'taken' })));
    await thief.close();
  });

  it('do not hear one that is revoked during a run, and stop it', async () => {
    await swarm.join('leaves', { region: 'revoked' });
    await swarm.join('remains', { region: 'revoked' });
    const what = order(target.url, { arrivals: constant(100), durationMs: 20_000, tickMs: 250 });
    const { collector } = await follow(swarm.hub.load({ revoked: 1 }), what, {
      seen: (ticks) => {
        if (ticks.length === 2) void revoke(swarm.fleet.roll, 'leaves').then(() => swarm.hub.look());
      },
    });
    expect(collector.validity().reasons[0]).toMatch(/^the load generator leaves was lost at/);
    const seen = target.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(target.seen.length).toBe(seen);
    await expect(collect(swarm.hub.load({ revoked: 1 }), order(target.url))).resolves.toBeDefined();
  });

  it('says no secret on the wire', async () => {
    const secret = 'not-to-be-told-7f3a';
    await swarm.join('silent', { region: 'discreet', environment: { HIVE_SECRET_KEY: secret } });
    const spy = await connectFleet({
      url: swarm.fleet.url,
      name: 'spy',
      jwt: () => hubJwt(swarm.fleet.keys),
      seed: swarm.fleet.keys.hubSeed,
    });
    const heard: string[] = [];
    for (const subject of HUB_SUBJECTS)
      spy.subscribe(subject, {
        callback: (_, message) => void heard.push(Buffer.from(message.data).toString('latin1')),
      });
    await spy.flush();
    const headers = { 'x-key': '${HIVE_SECRET_KEY}' };
    const requests = [{ name: 'a', method: 'GET', path: `/echo?\${HIVE_SECRET_KEY}`, headers, weight: 1 }];
    const { collector } = await collect(swarm.hub.load({ discreet: 1 }), order(target.url, { requests }));
    expect(collector.whole().counts.good).toBe(4);
    expect(target.seen.at(-1)?.headers['x-key']).toBe(secret);
    await spy.flush();
    const all = heard.join('\n');
    expect(all).toContain('HIVE_SECRET_KEY');
    for (const hidden of [secret, swarm.fleet.keys.hubSeed, swarm.fleet.keys.accountSeed])
      expect(all).not.toContain(hidden);
    await spy.close();
  });

  it('stops by itself when the hub is gone', async () => {
    const other = await startTestSwarm(program);
    await other.join('orphan');
    const before = target.seen.length;
    const running = collect(other.hub.load('all'), order(target.url, { arrivals: constant(100), durationMs: 60_000 }));
    await expect.poll(() => target.seen.length, { timeout: 10_000 }).toBeGreaterThan(before + 10);
    void other.hub.close();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    await expect
      .poll(
        async () => {
          const seen = target.seen.length;
          await new Promise((resolve) => setTimeout(resolve, 200));
          return target.seen.length - seen;
        },
        { timeout: 5_000 },
      )
      .toBe(0);
    for (const bee of other.bees) await bee.close();
    await other.fleet.close();
  });
});
