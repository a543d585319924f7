import { newChannelId, newDeliveryId, newIncidentEventId, type Incident, type IncidentEvent } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/store/open.js';
import type { StoredChannel, Tried, UnplannedEvent } from '../../src/store/store.js';
import { sampleTarget } from './samples.js';

const atMs = Date.parse('2024-03-01T12:00:00.000Z');
const time = (seconds: number): Date => new Date(atMs + seconds * 1_000);
const iso = (seconds: number): string => time(seconds).toISOString();
const found = { rule: 'a rule', severity: 'page', since: iso(0), summary: 'it is away', labels: {} } as const;
const nothing = { observed: null, allowed: null, trust: null };
const ended: Tried = { status: 'sent', nextAt: null, endedAt: iso(5), answer: 200, reason: null };

/** What every store must do with channels, their messages and secrets. */
export function channelsConformance(store: () => OpenedStore): void {
  async function opened(): Promise<Incident> {
    const target = sampleTarget();
    await store().saveTarget(target);
    const start = { at: iso(-1), isOpen: false, flapping: false, recent: '' };
    const change = { type: 'opened' as const, at: iso(0), text: 'it is away', found: { ...found, ...nothing } };
    const watching = { key: target.id, ruleId: null, target: target.id };
    const [incident] = await store().watch(watching, start, (state) => ({ state, changes: [change] }));
    return incident as Incident;
  }
  const say = (incident: Incident, type: IncidentEvent['type'], seconds: number) =>
    store().noteIncident(
      { id: newIncidentEventId(), incidentId: incident.id, at: iso(seconds), type, who: null, text: null },
      {},
    );
  const given = () => ({ at: time(1), dueAt: time(2), newId: newDeliveryId, limit: 100 });
  /** Events of others are decided too, and tell nobody. */
  const planFor = (incident: Incident, channels: string[], seen: UnplannedEvent[] = []) =>
    store().planDeliveries((event) => {
      if (event.incident.id !== incident.id) return [];
      seen.push(event);
      return channels;
    }, given());
  const claim = async (incident: Incident, seconds: number) => {
    const claimed = await store().claimDeliveries({ now: time(seconds), leaseUntil: time(seconds + 30), limit: 100 });
    return claimed.filter(({ delivery }) => delivery.incidentId === incident.id);
  };

  describe('channels', () => {
    it('keeps a channel as it was written', async () => {
      const channel: StoredChannel = {
        id: newChannelId(),
        createdAt: iso(0),
        changedAt: iso(0),
        name: 'On call',
        type: 'slack',
        when: { team: 'shop' },
        on: true,
        settings: { note: 'über' },
        sealed: { url: 'v1.x' },
      };
      await store().createChannel(channel);
      const read = async () => (await store().listChannels()).find(({ id }) => id === channel.id);
      expect(await read()).toEqual(channel);
      await expect(store().createChannel(channel)).rejects.toMatchObject({ code: 'conflict' });
      const changed = { ...channel, changedAt: iso(9), on: false, sealed: {}, name: null };
      expect([
        await store().replaceChannel(changed),
        await store().replaceChannel({ ...changed, id: 'nothing' }),
      ]).toEqual([true, false]);
      expect(await read()).toEqual(changed);
      expect([await store().deleteChannel(channel.id), await store().deleteChannel('\0')]).toEqual([true, false]);
    });

    it('decides once about each event, in their order, and says who has heard of it', async () => {
      const incident = await opened();
      await say(incident, 'closed', 0);
      const seen: UnplannedEvent[] = [];
      await Promise.all([planFor(incident, ['a', 'b'], seen), planFor(incident, ['a', 'b'], seen)]);
      expect(await planFor(incident, ['c'])).toBe(0);
      expect(seen.map(({ event, told }) => [event.type, told.toSorted()])).toEqual([
        ['opened', []],
        ['closed', ['a', 'b']],
      ]);
      const listed = await store().listDeliveries(incident.id);
      expect(listed.map(({ event, channel, status, tries }) => [event, channel, status, tries])).toEqual([
        ['opened', 'a', 'waiting', 0],
        ['opened', 'b', 'waiting', 0],
        ['closed', 'a', 'waiting', 0],
        ['closed', 'b', 'waiting', 0],
      ]);
      expect(listed[0]).toMatchObject({ createdAt: iso(1), nextAt: iso(2), endedAt: null, answer: null });
      for (const { id } of listed) await store().endTry(id, ended);
    });

    it('is sent by one of many, in its order, and by another one when the first was stopped', async () => {
      const incident = await opened();
      await say(incident, 'closed', 0);
      await planFor(incident, ['a']);
      expect(await claim(incident, 1)).toEqual([]);
      const all = (await Promise.all([claim(incident, 2), claim(incident, 2), claim(incident, 2)])).flat();
      expect(all.map(({ event, delivery }) => [event.type, delivery.tries])).toEqual([['opened', 1]]);
      expect(await claim(incident, 20)).toEqual([]);
      const [again] = await claim(incident, 40);
      expect(again?.delivery).toMatchObject({ event: 'opened', tries: 2 });
      const id = again?.delivery.id ?? '';
      await store().endTry(id, { status: 'waiting', nextAt: iso(60), endedAt: null, answer: 503, reason: 'busy' });
      expect(await claim(incident, 50)).toEqual([]);
      expect((await claim(incident, 60))[0]?.delivery).toMatchObject({ id, tries: 3, answer: 503, reason: 'busy' });
      await store().endTry(id, ended);
      // What has ended stays as it ended.
      await store().endTry(id, { ...ended, status: 'failed' });
      const [last] = await claim(incident, 60);
      expect(last?.event.type).toBe('closed');
      await store().endTry(last?.delivery.id ?? '', ended);
      expect((await store().listDeliveries(incident.id)).map(({ status }) => status)).toEqual(['sent', 'sent']);
      expect(await store().listDeliveries('\0')).toEqual([]);
    });

    it('knows when the next one is due: what waits for another is not', async () => {
      const incident = await opened();
      await say(incident, 'closed', 0);
      await planFor(incident, ['a']);
      expect(await store().nextDeliveryAt()).toEqual(time(2));
      const [first] = await claim(incident, 2);
      expect(await store().nextDeliveryAt()).toEqual(time(32));
      await store().endTry(first?.delivery.id ?? '', { ...ended, status: 'waiting', nextAt: iso(90) });
      expect(await store().nextDeliveryAt()).toEqual(time(90));
      for (const { id } of await store().listDeliveries(incident.id)) await store().endTry(id, ended);
      expect(await store().nextDeliveryAt()).toBeNull();
    });

    it('gives each try of a weekly mail to one of many', async () => {
      const made = { id: newChannelId(), createdAt: iso(0), changedAt: iso(0), name: null, type: 'email' as const };
      await store().createChannel({ ...made, when: {}, on: true, settings: {}, sealed: {} });
      const claim = (due: number, now: number) =>
        store().claimWeeklyMail(made.id, { dueAt: time(due), now: time(now) });
      const many = await Promise.all([claim(0, 1), claim(0, 1), claim(0, 1)]);
      expect(many.filter((one) => one !== null)).toEqual([1]);
      // Nobody says how it ended.
      expect(await claim(0, 99_999)).toBeNull();
      await store().endWeeklyTry(made.id, time(0), { nextAt: time(30), endedAt: null, problem: 'busy' });
      expect([await claim(0, 29), await claim(0, 30), await claim(0, 31)]).toEqual([null, 2, null]);
      await store().endWeeklyTry(made.id, time(0), { nextAt: null, endedAt: time(32), problem: null });
      expect([await claim(0, 99), await claim(604_800, 604_801), await claim(0, 604_802)]).toEqual([null, 1, null]);
      const [left] = (await store().listWeeklyMails()).filter(({ channel }) => channel === made.id);
      expect(left).toEqual({ channel: made.id, dueAt: iso(604_800), endedAt: null, problem: null });
      await store().deleteChannel(made.id);
      await expect(claim(1_209_600, 1_209_601)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('keeps secrets by name', async () => {
      await store().setSecret({ name: 'ONE', changedAt: iso(0), sealed: 'v1.a' });
      await store().setSecret({ name: 'ONE', changedAt: iso(1), sealed: 'v1.b' });
      expect(await store().listSecrets()).toEqual([{ name: 'ONE', changedAt: iso(1), sealed: 'v1.b' }]);
      expect([await store().deleteSecret('ONE'), await store().deleteSecret('\0')]).toEqual([true, false]);
    });
  });
}
