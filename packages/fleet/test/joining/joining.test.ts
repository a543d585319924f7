import { connect, jwtAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../../test/services.js';
import { connectFleet } from '../../src/joining/connection.js';
import { startDesk } from '../../src/joining/desk.js';
import { invite, revoke } from '../../src/joining/invite.js';
import { endOf, joinFleet, renewedJwt, type Membership } from '../../src/joining/membership.js';
import { claimsOf } from '../../src/keys/claims.js';
import { hubJwt } from '../../src/keys/fleet-keys.js';
import { readJoin } from '../../src/keys/join-string.js';
import { beeSubject, HUB_SUBJECTS, inviteSubject } from '../../src/keys/subjects.js';
import { startTestFleet, type TestFleet } from '../nats-process.js';

const HOUR_MS = 3_600_000;

describeWith(natsServer, 'joining a fleet', (program) => {
  let fleet: TestFleet;
  let hub: NatsConnection;
  let nowMs = (): number => Date.now();
  let names = 0;
  const open: NatsConnection[] = [];

  beforeAll(async () => {
    fleet = await startTestFleet(program);
    hub = await connectFleet({ url: fleet.url, name: 'hub', jwt: () => hubJwt(fleet.keys), seed: fleet.keys.hubSeed });
    startDesk({ connection: hub, keys: fleet.keys, roll: fleet.roll, nowMs: () => nowMs() });
    await hub.flush();
  });
  afterEach(async () => {
    nowMs = () => Date.now();
    for (const connection of open.splice(0)) await connection.close();
  });
  afterAll(async () => {
    await hub.close();
    await fleet.close();
  });

  const invited = async (name = `bee-${++names}`, region: string | null = null) =>
    readJoin((await invite(fleet, { name, region })).join);

  /** As any NATS client would, with what a load generator has. */
  async function connectAs({ id, jwt, seed }: Pick<Membership, 'id' | 'jwt' | 'seed'>): Promise<NatsConnection> {
    const connection = await connect({
      servers: fleet.url,
      authenticator: jwtAuthenticator(jwt, Buffer.from(seed)),
      inboxPrefix: beeSubject(id, 'inbox'),
      reconnect: false,
    });
    open.push(connection);
    return connection;
  }

  /** What the server says when a connection does something. */
  async function refusal(connection: NatsConnection, act: () => void): Promise<string> {
    const status = connection.status();
    act();
    for await (const event of status) if (event.type === 'error') return event.error.message;
    return '';
  }

  it('swaps an invitation for a credential of an hour on its own subjects', async () => {
    const join = await invited('eu-1', 'eu');
    const member = await joinFleet(join);
    expect(member).toMatchObject({ id: join.id, name: 'eu-1', region: 'eu', hub: fleet.keys.hubPublicKey });
    const allow = [beeSubject(join.id, '>')];
    expect(claimsOf(member.jwt)?.nats).toMatchObject({ pub: { allow }, sub: { allow }, tags: ['region:eu'] });
    expect(endOf(member)).toBeGreaterThan(Date.now() + HOUR_MS - 10_000);
    expect(endOf(member)).toBeLessThanOrEqual(Date.now() + HOUR_MS);
    expect(await fleet.roll.member(join.id)).toMatchObject({ name: 'eu-1', region: 'eu', revoked: false });
  });

  it('is good once', async () => {
    const join = await invited();
    await joinFleet(join);
    await expect(joinFleet(join)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('taken'),
    });
  });

  it('lets one of many at the same time in', async () => {
    const join = await invited();
    const tried = await Promise.allSettled(Array.from({ length: 6 }, () => joinFleet(join)));
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('ends after 15 minutes', async () => {
    const join = await invited();
    nowMs = () => Date.now() + 15 * 60_000;
    await expect(joinFleet(join)).rejects.toMatchObject({ message: expect.stringContaining('expired') });
    expect((claimsOf(join.jwt)?.exp ?? 0) * 1_000).toBeLessThanOrEqual(Date.now() + 15 * 60_000);
  });

  it('renews a credential for the key that joined, and not for a revoked one', async () => {
    const member = await joinFleet(await invited());
    const connection = await connectAs(member);
    const jwt = await renewedJwt(connection, member);
    expect(claimsOf(jwt)?.sub).toBe(claimsOf(member.jwt)?.sub);
    expect((await connectAs({ ...member, jwt })).isClosed()).toBe(false);
    await revoke(fleet.roll, member.name);
    const asked = connection.request(beeSubject(member.id, 'renew'), '{}', { timeout: 300 });
    await expect(asked).rejects.toThrow(/timeout/i);
  });

  it('does not let a revoked invitation in', async () => {
    const join = await invited();
    await revoke(fleet.roll, join.name);
    const guest = await connect({
      servers: fleet.url,
      authenticator: jwtAuthenticator(join.jwt, Buffer.from(join.seed)),
      inboxPrefix: inviteSubject(join.id, 'inbox'),
    });
    open.push(guest);
    await expect(guest.request(inviteSubject(join.id, 'join'), '{}', { timeout: 300 })).rejects.toThrow(/timeout/i);
  });

  it.each<[string, (own: string, other: string) => string]>([
    ['another’s orders', (_, other) => beeSubject(other, 'order')],
    ['everybody’s subjects', () => beeSubject('*', '>')],
    ['another’s invitation', (_, other) => inviteSubject(other, 'join')],
    ['its own invitation', (own) => inviteSubject(own, 'join')],
    ['everything', () => '>'],
    ['the server’s own events', () => '$SYS.>'],
  ])('with one credential nobody hears or speaks on %s', async (_, subjectOf) => {
    const [member, other] = [await joinFleet(await invited()), await joinFleet(await invited())];
    const subject = subjectOf(member.id, other.id);
    const connection = await connectAs(member);
    expect(await refusal(connection, () => void connection.subscribe(subject))).toMatch(/permissions violation/i);
    const said: string[] = [];
    for (const all of HUB_SUBJECTS) {
      hub.subscribe(all, { callback: (_error, message) => void said.push(message.subject) });
    }
    await hub.flush();
    const speaking = await connectAs(member);
    if (!/[*>]/.test(subject)) {
      expect(await refusal(speaking, () => speaking.publish(subject, 'x'))).toMatch(/permissions violation/i);
    }
    expect(said).toEqual([]);
  });

  it('an invitation hears nothing of the load generator that it became', async () => {
    const join = await invited();
    await joinFleet(join);
    const guest = await connectAs(join);
    expect(await refusal(guest, () => void guest.subscribe(beeSubject(join.id, '>')))).toMatch(
      /permissions violation/i,
    );
  });

  it('never answers to a place that the asker may not name', async () => {
    const [member, other] = [await joinFleet(await invited()), await joinFleet(await invited())];
    const victim = await connectAs(other);
    const heard: string[] = [];
    victim.subscribe(beeSubject(other.id, '>'), { callback: (_error, message) => void heard.push(message.subject) });
    await victim.flush();
    const asking = await connectAs(member);
    asking.publish(beeSubject(member.id, 'renew'), '{}', { reply: beeSubject(other.id, 'order') });
    asking.publish(beeSubject(member.id, 'renew'), '{}', { reply: `${beeSubject(member.id, 'inbox')}x.order` });
    // The desk answers in order: once this is answered, it has passed over those before.
    await renewedJwt(asking, member);
    await hub.flush();
    await victim.flush();
    expect(heard).toEqual([]);
  });

  it('says what is wrong when there is no server, or one of another fleet', async () => {
    const join = await invited();
    await expect(joinFleet({ ...join, url: 'nats://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'fleet_unreachable',
    });
    const stranger = await startTestFleet(program);
    await expect(joinFleet({ ...join, url: stranger.url })).rejects.toMatchObject({ code: 'unauthorized' });
    await stranger.close();
  });
});
